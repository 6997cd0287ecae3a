"""A notice and the proof that it was shown."""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime

import msgspec


class ItemKind(enum.StrEnum):
    """What one item of a notice tells (告知事项)."""

    WHO = "who"  # 处理者名称与联系方式
    WHY = "why"  # 目的与依据
    WHAT = "what"  # 种类与方式
    KEPT = "kept"  # 保存期限与到期处理
    NEED = "need"  # 必要性与对个人的影响
    CHOICE = "choice"  # 可以选择，拒绝不影响
    RIGHTS = "rights"  # 如何行使权利
    COMPLAIN = "complain"  # 投诉渠道


class Item(msgspec.Struct, frozen=True):
    """One item in both languages."""

    kind: ItemKind
    zh: str
    en: str


class Notice(msgspec.Struct, frozen=True):
    """A notice as shown at one scene; immutable, named by its digest.

    Attributes:
        family: e.g. ``"parcel-send"``.
        wording: version of the wording file.
        scene: the scene it was composed for.
    """

    family: str
    wording: int
    scene: str
    items: tuple[Item, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON, hex: what events and consents keep."""
        return hashlib.sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    @property
    def version(self) -> str:
        """``family@wording``, for people."""
        return f"{self.family}@{self.wording}"


class Shown(msgspec.Struct, frozen=True):
    """A notice was on the screen, or read out, before anything was asked."""

    digest: str
    version: str
    language: str
    at: datetime
