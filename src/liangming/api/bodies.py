"""What this door takes. One type decodes, validates and documents; extra fields are refused.

Words that end up in the evidence log (who spoke, which language, which device) are closed lists
or ids here, so that nothing about a person can be slipped into a leaf through them.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from liangming.api.language import Language
from liangming.check import Opening, WholeCheck
from liangming.law.words import Method
from liangming.method import Evidence

Id = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", min_length=1, max_length=64)
]
Reference = Annotated[
    str,
    msgspec.Meta(
        # Neither a mobile number nor an identity number can be somebody's idea of a reference.
        pattern=r"^(?!1[3-9][0-9]{9}$)(?![0-9]{17}[0-9Xx]$)[A-Za-z0-9][A-Za-z0-9._:-]*$",
        min_length=1,
        max_length=64,
    ),
]
By = Annotated[
    Literal["person", "spoken"],
    msgspec.Meta(
        description="person: on their own screen; spoken: a clerk entered what was said (scope desk)."
    ),
]


class Taken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all bodies: its repr names the kind and nothing else."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


class OpeningBody(Opening, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known when someone steps up; nothing about who they are.

    ``thing`` is by default what the scene is for. ``unseen``: left without anyone meeting the
    sender.
    """

    scene: Id


class NoticeBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The notice of the scene was shown, or read out, in this language."""

    language: Language = "zh"


class MethodBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way that the person chose or declined, and how they said so."""

    method: Method
    by: By = "person"


class NothingBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing needs to be said; an absent body is the same."""


class FaceNoticeBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The face's own notice was shown on this enrolled device."""

    device: Id
    language: Language = "zh"


class ConsentBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Separate consent to the face, as an act of its own.

    ``age`` in full years as the person states it; where it is unknown the camera stays shut.
    """

    device: Id
    age: Annotated[int, msgspec.Meta(ge=0, le=150)] | None
    by_guardian: bool = False


class EvidenceBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the person shows for the chosen way; held in memory for this check, never logged."""

    evidence: Evidence


class ConclusionBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a check ends without evidence. Declining a face is neither."""

    how: Literal["walked-away", "refused-to-show"]


class WholeBody(WholeCheck, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about one check, from opening to evidence.

    ``notice`` is the digest of the notice that was shown; it must be the one in force. A face
    needs its own notice, consent and device nonce and cannot come in one call.
    """

    scene: Id
    notice: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    by: By = "spoken"
    declined: Annotated[tuple[Method, ...], msgspec.Meta(max_length=16)] = ()
    language: Language = "zh"


class PickupCodeBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel that waits. ``parcel`` is your own opaque reference: no name, no phone number."""

    scene: Id
    parcel: Reference
    minutes: Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 60)] = 1440
