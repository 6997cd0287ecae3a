"""Things that have an owner, a day and a next step (案卷): the calendar, the clocks, the record.

``holidays`` holds the published days off as dated data; ``calendar`` counts working days in China;
``clocks`` turns a dated, cited value of the law into the last day on which something may be done;
``ports`` says how a record and the leaves it leaves behind become durable together; ``leaf_keys`` under
what the key of those leaves is kept, so that it goes with the person.

Rights and duties stand on it. It decides nothing about anybody, holds no plaintext about a person,
and never invents a day: where no notice is published, a deadline says so.
"""

from liangming.docket.clocks import Deadline, deadline
from liangming.docket.ports import Record, Records

__all__ = ["Deadline", "Record", "Records", "deadline"]
