"""Training (培训): short courses with questions, for each role, every year; no training, no role.

Order: ``courses`` are data files in Chinese and English, with the articles they rest on → somebody
answers, ``grade`` marks by the file alone → a pass is a record and a leaf under a commitment to the
account (``passes``), never a name → ``standing`` says which courses a role still lacks; the desk and
the pages of requests ask it each time.

There is no grace for a lapse: the board and the course page say so thirty days before. A pass ends
at midnight in China, never in the midst of a day. Whoever lacks a course is led to it, answers as
often as they like, and opens the desk a few minutes later.

Law: pipl.51 (training, without a number of months); gbt35273.10.1 (yearly; a standard, not law)
"""

from liangming.governance.training.courses import COURSES, Course, Question, needed
from liangming.governance.training.grade import Marked, grade
from liangming.governance.training.passes import (
    Lack,
    commitment,
    lacking,
    lacks,
    passed,
    take,
    warned,
)

__all__ = [
    "COURSES",
    "Course",
    "Lack",
    "Marked",
    "Question",
    "commitment",
    "grade",
    "lacking",
    "lacks",
    "needed",
    "passed",
    "take",
    "warned",
]
