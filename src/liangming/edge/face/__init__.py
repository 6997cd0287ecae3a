"""One look at one face, held by types: nothing here can compare one with many.

    Waiting → Told → Agreed → Watching → Agreed (another try, at most three) → Ended
    at any point → Declined

Frames exist only in a :class:`FrameRoom`, which only a ``Watching`` state opens and which
overwrites every frame on every path out. What leaves is an :class:`Outcome`: yes, no or abstain,
which layers ran, how many frames were taken and that none was kept. Never an image, template,
score, age, sex or mood.
"""
