"""The device agent (终端): the machine's own pages, and a face only if the person likes.

What it does, in this order: the machine opens by code, by QR or by staff, always. Where a scene
offers the face and a model pack is there, the person may choose it last: notice → separate consent
on this device → camera → quality → liveness → match → outcome → frames destroyed.

What it never does: compare one with many (I6), let a frame, template or score leave the device
(I5), open anything by an outcome that is not a signed *match* of a sufficient ``pad_level``, or
leave a person without another way. It listens on loopback only.
"""
