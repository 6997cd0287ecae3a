"""What holds in every folder: Ctrl-C reaches what a test starts, and a busy machine is no failure."""

from __future__ import annotations

import signal

import httpx
from hypothesis import settings
from tests.patience import PATIENCE

# A shell's ``&`` lets its children ignore Ctrl-C, and theirs: a test that presses it would wait.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes is the machine's matter, not the property's.
settings.register_profile("any machine", settings(), deadline=None)
settings.load_profile("any machine")

# A call waits for more than five seconds, unless its test says how long.
for _wait in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, _wait, PATIENCE)
