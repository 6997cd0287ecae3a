"""Synthetic fleets with planted pressure: a public benchmark of anyone's audit.

``laws`` says how honest outlets differ, ``plant`` what is planted, ``world`` draws a fleet from a
seed, ``rates`` moves its rates, ``cells`` gives sums and ``events`` single checks. Nothing here is
taken from a real operator, and no person is invented: a check is a row of codes.
"""
