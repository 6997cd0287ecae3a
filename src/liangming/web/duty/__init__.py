"""Pages of what the operator must do unasked: assessments, incidents, stored faces, processors.

For staff who answer (``desk.signin.officer``); each button is one use case under the account that signed
in. ``public`` is what people see of it: who else processes their data, and what was announced.
"""
