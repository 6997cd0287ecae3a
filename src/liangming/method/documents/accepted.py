"""Which kinds of document an operator accepts, and on which legal basis.

Items (1) to (4) of 24号令 article 3 are always accepted: a document the order lists cannot be
configured away, or people would be turned back for no lawful reason. A kind that the order does
not name is accepted only when the configuration states its own basis in words; that basis is not
verified, and a caution says so on every check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

from liangming.errors import Misuse, Refusal
from liangming.method.documents import cautions, faults
from liangming.method.documents.cautions import Caution
from liangming.method.documents.kinds import DocumentType, registry
from liangming.rules import Grade

ARTICLE: Final = "realname.3"
LONGEST_BASIS: Final = 500


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why a kind of document is accepted.

    Attributes:
        article: article id.
        item: item of that article.
        grade: how well it is sourced.
        words: the operator's own statement; empty where the order itself names the kind.
    """

    article: str
    item: int
    grade: Grade
    words: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The operator accepts this kind, on this basis, with these cautions."""

    type: DocumentType
    basis: LegalBasis
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The operator has not listed this kind."""

    type: DocumentType


Acceptance = Accepted | NotAccepted

_LISTED: Final[Mapping[DocumentType, LegalBasis]] = MappingProxyType(
    {
        known.type: LegalBasis(ARTICLE, known.item, Grade.B)
        for known in registry.values()
        if known.item is not None and known.type is not DocumentType.OTHER
    }
)


@dataclass(frozen=True, slots=True)
class AcceptedDocuments:
    """An operator's list.

    Args:
        stated: for kinds beyond items (1) to (4), the basis in the operator's own words.

    Raises:
        Misuse: a basis without words.

    Law: realname.3.
    """

    stated: Mapping[DocumentType, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {}
        for kind, words in self.stated.items():
            if not 1 <= len(words.strip()) <= LONGEST_BASIS:
                raise Misuse(
                    faults.BASIS_MISSING, citations=(ARTICLE,), field=f"documents.{kind.value}"
                )
            kept[kind] = words.strip()
        object.__setattr__(self, "stated", MappingProxyType(kept))

    def also(self, kind: DocumentType, words: str) -> Self:
        """The same list with one more kind, on a basis stated in words."""
        return type(self)({**self.stated, kind: words})

    def types(self) -> tuple[DocumentType, ...]:
        """Every accepted kind, in the order of the registry."""
        return tuple(kind for kind in registry if kind in _LISTED or kind in self.stated)

    def accepts(self, kind: DocumentType) -> Acceptance:
        """Whether this kind is accepted, and why."""
        listed = _LISTED.get(kind)
        if listed is not None:
            return Accepted(kind, listed)
        words = self.stated.get(kind)
        if words is None:
            return NotAccepted(kind)
        basis = LegalBasis(ARTICLE, 5, Grade.C, words)
        return Accepted(kind, basis, (cautions.BASIS_UNVERIFIED,))

    def require(self, kind: DocumentType, *, at: str = "type") -> Accepted:
        """The acceptance of a kind.

        Raises:
            Refusal: the operator has not listed it.
        """
        answer = self.accepts(kind)
        if isinstance(answer, NotAccepted):
            raise Refusal(faults.NOT_ACCEPTED, citations=(ARTICLE,), field=at)
        return answer
