"""How well a device tells faces apart and attacks from people, in the terms of ISO/IEC 30107-3.

APCER by species with the worst first, BPCER, FMR and FNMR, each with its 95 % interval, each layer
alone and all together. The same figures for our synthetic species and for anyone's folders.
"""
