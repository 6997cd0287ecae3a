"""A server's memory is set aside while it serves, and given back after."""

import gc
import weakref

from liangming.storage.collector import STEPS, set_aside


class Ring:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_what_was_loaded_is_not_walked_while_it_serves_and_is_again_after() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    with set_aside():
        assert gc.get_freeze_count() > frozen + 10_000
        assert gc.get_threshold() == STEPS
        made = weakref.ref(Ring())
        assert made() is not None
        gc.collect()  # a cycle that was made since is found
        assert made() is None
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
