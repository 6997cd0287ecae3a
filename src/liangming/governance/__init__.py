"""What the operator must do unasked (义务), and the one board that shows it.

``duty`` is a frozen record with owner, day, article, gate and what happens if it is late; ``board``
reads every duty afresh from what the running system knows; ``periodic`` are those that come again,
each time with evidence; ``feed`` is the board as a calendar.

The board holds nothing about a person. It never closes a duty by itself and never hides one.
"""

from liangming.governance.board import board
from liangming.governance.duty import Duty, Kind
from liangming.governance.feed import calendar

__all__ = ["Duty", "Kind", "board", "calendar"]
