"""The clerk's desk: one focused field, a scanner and a keyboard.

A document number that was entered is never written on a page again. Between entry and comparison
it travels sealed (``sealed``), for two minutes, and is then forgotten. The clerk enters what the
sender says; the record says so.
"""
