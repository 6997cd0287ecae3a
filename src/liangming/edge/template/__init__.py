"""A template kept on this device, because the person asked for it, and only as long (ISO/IEC 24745).

What is kept is 1,024 signs of a random projection (BioHash), sealed; projection and seal follow from a
number that only the person has. Without the number the device can neither read, match nor link what
it keeps; with another number the same face gives another template (renewable, unlinkable); forgetting
either half ends it (revocable). The number claims one template, which is compared with one face.

What it never does: leave the device, be tried against a face that claimed nothing, or outlive its day.
Whoever holds both the device and the number can compute a vector close to the face's own: the number
is a key, and the page that shows it says so.
"""
