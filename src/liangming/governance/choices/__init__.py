"""How people choose and fare, outlet by outlet and way by way (方式的选择与办理情况).

In this order: ``fold`` reads the events of the log once, in order, and adds each ended check to the
cell of its scene, month and way → ``look`` makes one row for each scene, with an interval beside
every figure, cells of a few people put together, and in words what stands out.

It counts what the log says and knows no person. A figure that stands out is a reason to go and
look; it proves nothing about anybody.
"""

from liangming.governance.choices.fold import Begun, Cell, ConsentCell, Counts, Fold, Heard
from liangming.governance.choices.intervals import Interval, geometric, wilson
from liangming.governance.choices.look import FLOOR, Row, Shown, rows_of

__all__ = [
    "FLOOR",
    "Begun",
    "Cell",
    "ConsentCell",
    "Counts",
    "Fold",
    "Heard",
    "Interval",
    "Row",
    "Shown",
    "geometric",
    "rows_of",
    "wilson",
]
