"""Whom the operator entrusts with data, and whom it gives them to (受托方、接收方): a list with contracts.

``states`` is a party as stored; ``steps`` are its moves: proposed with an assessment, in force when a
second account agrees, ended when data came back or were deleted. A provider that is somebody else's is
used only while its contract stands (``check.gates``). People see the list; records stay three years.
"""

from liangming.governance.parties.states import KIND, Party, Role, Stage, Terms
from liangming.governance.parties.steps import agree, end, listed, propose

__all__ = ["KIND", "Party", "Role", "Stage", "Terms", "agree", "end", "listed", "propose"]
