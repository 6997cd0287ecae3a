"""The impact assessment of a scene's face (个人信息保护影响评估): guided, dated, signed by two, kept.

``questions`` is what has to be answered (Order 19 art. 9, PIPL 56); ``matrix`` turns impact and
likelihood into risk (GB/T 39335, a recommended standard); ``live`` is what the running system knows
and puts beside the answers; ``states`` is an assessment as stored; ``steps`` are its moves, each with
evidence; ``duties`` puts it on the board; ``paper`` says it in Chinese and English for the print.

An approved assessment opens the scene's face at once, and its end shuts it at once
(:mod:`liangming.governance.gates`). It holds nothing about anybody.
"""

from liangming.governance.assessment.states import KIND, About, Stage, Study
from liangming.governance.assessment.steps import begin, reopen, sign, withdraw, write

__all__ = ["KIND", "About", "Stage", "Study", "begin", "reopen", "sign", "withdraw", "write"]
