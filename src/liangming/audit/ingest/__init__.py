"""Files of any vendor become canonical events.

1 ``mapping`` says how a vendor's columns become ours, ``translate`` does it;
2 ``look`` reads a file's own description: its columns, and what its statistics prove;
3 ``repeats`` finds events that stand twice, here or in files that were counted before;
4 ``faults`` names rows whose values cannot be read: row, column, reason. It never stops for them.

A row is never dropped without being counted, and no value of a row is ever shown.
"""
