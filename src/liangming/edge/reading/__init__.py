"""Reads documents at a station: the clerk corrects, and never retypes.

In this order: ``image`` takes the bytes of a picture in and refuses what is none or too much;
``straighten`` finds the card in it; ``lines`` finds and reads lines of print; ``card`` and ``zone``
take out the few fields that a check asks, and hold them to their check digits and to one another;
``bars`` reads squares and bars; ``read`` puts it together and overwrites the picture on every way out.

A field that was not read is missing; nothing is filled in. A field that one sign of doubt stands
over is marked *check this*. What the check does not ask (address, portrait) is not read at all.
Reading is not examining: nothing here says that a document is genuine.
"""
