"""A station's own pages: a document is photographed, read here, corrected by the clerk, and checked.

In this order: ``upload`` takes pictures out of a form, in memory alone; ``desk`` reads them, says
what is doubtful, and sends what the clerk confirmed to the centre as any other check; ``pages`` and
``server`` show it on loopback. Without models, without a picture, or after any fault, the same form
stands there to be typed. No picture reaches a disk or the centre; what was read is in the form and
nowhere else.
"""
