"""Which places stand out, and how sure that is.

In this order: cells become *places* (``places``); each question (``questions``, ``waiting``,
``change``) compares a place with what is ordinary among its peers (``null``) or within itself
(``asking``); ``judging`` holds down false discoveries over everything asked; ``scenes`` applies
absolute limits where peers cannot show what everybody does; ``words`` says it in words.

What it never does: call something coercion, flag a place by a chance alone, take a missing column
for a clean one. Every result is a place to look at.
"""
