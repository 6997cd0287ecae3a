"""Files of any vendor become canonical events.

1 ``look`` reads a file's own description: its columns, and what its statistics prove;
2 ``repeats`` finds events that stand twice;
3 ``faults`` names rows whose values cannot be read: row, column, reason. It never stops for them.

A row is never dropped without being counted, and no value of a row is ever shown.
"""
