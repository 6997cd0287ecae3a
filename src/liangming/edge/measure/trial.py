"""One presentation, judged by every layer on its own, so that any set of layers can be asked."""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np

from liangming.edge.face.layers import Layer, accepted
from liangming.edge.face.look import Tools, look
from liangming.edge.face.order import Agreed, Looked, Result, open_camera
from liangming.edge.face.ports import Passive
from liangming.edge.face.threshold import Threshold
from liangming.edge.synthetic.head import head_of
from liangming.edge.synthetic.species import Species
from liangming.edge.synthetic.studio import IDENTITY, LAG, embedding, studio_of

SAME: Final = Threshold(metric="cosine", at=0.6)  # of made-up vectors: says nothing of a model


class Trial(msgspec.Struct, frozen=True):
    """What came of one presentation."""

    species: str  # empty: a person
    looked: Looked
    verdicts: dict[Layer, bool]
    answered: bool = True  # False: no usable face was seen, so no layer could say anything of it

    def passes(self, among: frozenset[Layer] | None = None) -> bool:
        """Whether these layers let it through; all of them: whether anything would open."""
        if among is None:
            return self.looked.result is Result.MATCH
        ran = among & frozenset(self.verdicts)
        return bool(ran) and accepted(self.verdicts, ran)


def synthetic(
    species: Species | None,
    seed: int,
    *,
    can_flash: bool = True,
    passive: Passive | None = None,
    lag: float | None = LAG,
) -> Trial:
    """One synthetic presentation, the same for the same seed.

    Args:
        lag: of the machine's own light; None: it was never measured, so that layer is not run.
    """
    rng = np.random.default_rng([seed, *(species.name if species else "").encode()])
    head = head_of(rng)
    studio = studio_of(species, head, rng, furniture=seed % 2 == 0, can_flash=can_flash)
    verdicts: dict[Layer, bool] = {}
    agreed = Agreed(
        check="chk_synthetic", device="simulated", notice="n", consent="c", nonce=f"{seed:032x}"
    )
    tools = Tools(
        camera=studio,
        expected=IDENTITY,
        screen=studio,
        finder=studio,
        embedder=studio,
        threshold=SAME,
        passive=passive,
        least=1,
        lag=lag,
    )
    reference = embedding(head, rng)
    looked = look(open_camera(agreed), tools, reference, stop=lambda: False, verdicts=verdicts)
    return Trial(species.name if species else "", looked, verdicts)
