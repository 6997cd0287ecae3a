"""What is done to accounts: each deed once, in one transaction, with who did it."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from liangming.errors import Misuse
from liangming.web.staff import faults
from liangming.web.staff.models import Deed, Member, Proposal
from liangming.web.staff.roles import RISKY, Role

LINK_LIFE: Final = timedelta(hours=24)
PROPOSAL_LIFE: Final = timedelta(days=7)
HOST: Final = "-"
"""Whoever works on the server itself (the command line) stands in the deeds as this."""
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,31}")
_NAME: Final = 40


def invite(by: str, username: str, name: str, role: str, *, operator: str, at: datetime) -> Member:
    """Make an account without any key; a link comes from :func:`link`.

    Raises:
        Misuse: ``staff.member-form``, ``staff.member-taken``.
    """
    _fit(username, name, role)
    with transaction.atomic():
        if Member.objects.filter(username=username).exists():
            raise Misuse(faults.MEMBER_TAKEN)
        member = Member(
            username=username, name=name.strip(), role=role, operator=operator, created_at=at
        )
        member.set_unusable_password()
        member.save()
        _deed(at, by, "invited", username, role)
    return member


def _fit(username: str, name: str, role: str) -> None:
    fits = _USERNAME.fullmatch(username) and 0 < len(name.strip()) <= _NAME
    if not (fits and role in set(Role)):
        raise Misuse(faults.MEMBER_FORM)


def link(by: str, member: Member, at: datetime) -> str:
    """A link's token, usable once within a day, for somebody who has no key yet.

    Raises:
        Misuse: ``staff.member-unknown``: ended, or has keys (these are replaced by :func:`reset`).
    """
    from allauth.mfa.models import Authenticator

    if not member.is_active or Authenticator.objects.filter(user_id=member.pk).exists():
        raise Misuse(faults.MEMBER_UNKNOWN)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        member.enrol_digest = _digest(token)
        member.enrol_until = at + LINK_LIFE
        member.save(update_fields=["enrol_digest", "enrol_until"])
        _deed(at, by, "link-made", member.username)
    return token


def of_link(token: str, at: datetime) -> Member:
    """Whose link this is.

    Raises:
        Misuse: ``staff.link-spent``.
    """
    member: Member | None = Member.objects.filter(
        enrol_digest=_digest(token), is_active=True
    ).first()
    if member is None or member.enrol_until is None or member.enrol_until <= at:
        raise Misuse(faults.LINK_SPENT)
    return member


def spend(token: str, at: datetime) -> Member:
    """Use a link: of two at the same moment one succeeds.

    Raises:
        Misuse: ``staff.link-spent``.
    """
    member = of_link(token, at)
    spent = Member.objects.filter(pk=member.pk, enrol_digest=_digest(token)).update(
        enrol_digest="", enrol_until=None
    )
    if spent != 1:
        raise Misuse(faults.LINK_SPENT)
    _deed(at, member.username, "link-used", member.username)
    return member


def reset(by: str, member: Member, at: datetime) -> None:
    """Take all keys, the password and all sessions away; a new link is needed."""
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        Authenticator.objects.filter(user_id=member.pk).delete()
        member.set_unusable_password()
        member.save(update_fields=["password"])
        _deed(at, by, "reset", member.username)
    sign_out(by, member, at)


def change_role(by: str, member: Member, role: str, at: datetime) -> None:
    """Another role, from the next page on.

    Raises:
        Misuse: ``staff.member-form``.
    """
    if role not in set(Role):
        raise Misuse(faults.MEMBER_FORM)
    with transaction.atomic():
        member.role = role
        member.save(update_fields=["role"])
        _deed(at, by, "role", member.username, role)


def end(by: str, member: Member, at: datetime) -> None:
    """End an account; its sessions end at once."""
    with transaction.atomic():
        member.is_active = False
        member.enrol_digest, member.enrol_until = "", None
        member.save(update_fields=["is_active", "enrol_digest", "enrol_until"])
        _deed(at, by, "ended", member.username)
    sign_out(by, member, at)


def sign_out(by: str, member: Member, at: datetime) -> int:
    """End every session of a member, wherever it is; how many there were."""
    from allauth.usersessions.models import UserSession

    sessions = list(UserSession.objects.filter(user_id=member.pk))
    for session in sessions:
        session.end()
    if sessions:
        _deed(at, by, "signed-out", member.username)
    return len(sessions)


def needs_two(what: str, role: str, member: Member | None) -> bool:
    """Whether a change takes a second administrator.

    Stopping somebody is quick, unless it is somebody who could stop others.
    """
    touched = {Role(role)} if role else set()
    if member is not None:
        touched.add(Role(member.role))
    return what in {"invite", "role", "reset", "end"} and bool(touched & RISKY)


def propose(
    by: Member, what: str, whom: str, at: datetime, *, name: str = "", role: str = ""
) -> None:
    """Put a risky change before a second administrator.

    Raises:
        Misuse: ``staff.member-form``, ``staff.member-taken``.
    """
    if what == "invite":
        _fit(whom, name, role)
        if Member.objects.filter(username=whom).exists():
            raise Misuse(faults.MEMBER_TAKEN)
    Proposal(
        at=at, until=at + PROPOSAL_LIFE, by=by.username, operator=by.operator,
        what=what, whom=whom, name=name.strip(), role=role,
    ).save()  # fmt: skip


def waiting(operator: str, at: datetime) -> list[Proposal]:
    """Proposals that wait, oldest first."""
    return list(
        Proposal.objects.filter(operator=operator, agreed=None, until__gt=at).order_by("at")
    )


def decide(by: Member, number: int, at: datetime, *, agreed: bool) -> None:
    """The second administrator's word; agreed, the change happens in the same transaction.

    Raises:
        Misuse: ``staff.proposal-gone``, ``staff.not-yourself``, ``staff.member-unknown``.
    """
    with transaction.atomic():
        proposal = Proposal.objects.filter(
            pk=number, operator=by.operator, agreed=None, until__gt=at
        ).first()
        if proposal is None:
            raise Misuse(faults.PROPOSAL_GONE)
        if proposal.by == by.username and agreed:
            raise Misuse(faults.NOT_YOURSELF)
        proposal.decided_by, proposal.decided_at, proposal.agreed = by.username, at, agreed
        proposal.save()
        if not agreed:
            _deed(at, by.username, "declined", proposal.whom, proposal.what)
            return
        both = f"{proposal.by}+{by.username}"[:32]
        if proposal.what == "invite":
            invite(both, proposal.whom, proposal.name, proposal.role, operator=by.operator, at=at)
            return
        member = Member.objects.filter(username=proposal.whom, operator=by.operator).first()
        if member is None:
            raise Misuse(faults.MEMBER_UNKNOWN)
        if member.pk == by.pk:
            raise Misuse(faults.NOT_YOURSELF)
        match proposal.what:
            case "role":
                change_role(both, member, proposal.role, at)
            case "reset":
                reset(both, member, at)
            case _:
                end(both, member, at)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _deed(at: datetime, by: str, what: str, whom: str, detail: str = "") -> None:
    Deed(at=at, by=by, what=what, whom=whom, detail=detail).save()
