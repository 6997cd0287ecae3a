"""The form of a paper that was sent by hand: when, how, under which reference, with which proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import QueryDict

from liangming.clock import CHINA
from liangming.errors import Misuse
from liangming.governance.sending import CHANNELS, Channel, Sent
from liangming.web.faults import FORM_UNFIT


def sent_of(form: QueryDict, now: datetime) -> Sent:
    """What the form says; sent now where it names no time.

    Raises:
        Misuse: ``web.form-unfit``.
    """
    said = form.get("sent", "")
    try:
        at = datetime.fromisoformat(said).replace(tzinfo=CHINA) if said else now
        channel = Channel(form.get("channel", ""))
    except ValueError:
        raise Misuse(FORM_UNFIT) from None
    return Sent(
        at=at,
        channel=channel,
        reference=form.get("reference", "").strip(),
        proof=form.get("proof", "").strip().lower(),
    )


def choices(now: datetime) -> dict[str, Any]:
    """What ``duty/sent.html`` asks with."""
    return {
        "channels": [(each.value, text) for each, text in CHANNELS.items()],
        "sent_by": f"{now.astimezone(CHINA):%Y-%m-%dT%H:%M}",
    }
