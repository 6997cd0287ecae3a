"""Cameras of Linux (V4L2): who a camera is, by its bus and driver, and its frames, through OpenCV.

``identity`` asks the system, never the picture: the driver's own answer and, on a USB bus, vendor,
product and serial. A camera that software plays is refused whatever it calls itself. What cannot be
seen from here: a USB gadget that gives itself the numbers of a real camera; against that stand the
layers that look at the face.

What was tried here: the same code on recorded films and on a made-up ``/sys``. No camera was at hand.
"""
