"""What a check tells the law, question by question."""

from __future__ import annotations

from liangming.check.states import About, Consented, Sender, State, Subject, Thing
from liangming.law.words import Channel, Method, RefusalReason, SceneKind
from liangming.rules import FactValue
from liangming.scene.model import Scene

Facts = dict[str, FactValue | None]

NEVER_DECLINED = 100_000  # hours: more than eleven years


def ask(
    *,
    kind: SceneKind,
    channel: Channel,
    subject: Subject,
    thing: Thing,
    sender: Sender,
    unseen: bool,
    returning: bool = False,
    verified_at_order: bool = False,
) -> Facts:
    """May identity be asked here, and what must be done?"""
    return {
        "kind": kind.value,
        "channel": channel.value,
        "letter": thing is Thing.LETTER or kind is SceneKind.SEND_LETTER,
        "agreement_signed": sender is Sender.AGREEMENT or kind is SceneKind.SEND_AGREEMENT,
        "organisation": sender is Sender.ORGANISATION,
        "for_another": subject is Subject.FOR_ANOTHER,
        "handed_over_unseen": unseen,
        "returning": returning,
        "verified_at_order": verified_at_order,
    }


def ask_again(about: About, *, returning: bool, verified_at_order: bool) -> Facts:
    """The same question once it is known who comes back."""
    return ask(
        kind=about.kind,
        channel=about.channel,
        subject=about.subject,
        thing=about.thing,
        sender=about.sender,
        unseen=about.unseen,
        returning=returning,
        verified_at_order=verified_at_order,
    )


def offer(
    scene: Scene, method: Method, *, assessed: bool, device_enrolled: bool, thing: Thing
) -> Facts:
    """May this way be offered to a person of whom nothing is known yet?"""
    return {
        "kind": scene.kind.value,
        "channel": scene.channel.value,
        "method": method.value,
        "letter": thing is Thing.LETTER,
        "declined_before": False,
        "declined_face": False,
        "hours_since_decline": NEVER_DECLINED,
        "returning": False,
        "verified_at_order": False,
        "asks_repeat_face": False,
        "other_ways": sum(1 for m in scene.methods if m is not method and not m.is_face),
        "assessment_approved": assessed,
        "device_enrolled": device_enrolled,
        "on_device": not (scene.face is not None and scene.face.leaves_device),
    }


def capture(
    state: State,
    scene: Scene,
    *,
    assessed: bool,
    device_enrolled: bool,
    consent_stands: bool,
    age: int | None,
    by_guardian: bool,
) -> Facts:
    """May the camera open now?"""
    journey = state.journey
    return {
        "kind": scene.kind.value,
        "method": Method.FACE.value,
        "notice_shown": journey.face_notice is not None,
        "notice_current": consent_stands,
        "separate_consent": consent_stands,
        "on_device": not (scene.face is not None and scene.face.leaves_device),
        "device_enrolled": device_enrolled,
        "assessment_approved": assessed,
        "face_attempts": journey.face_tries,
        "other_ways": sum(1 for o in state.about.offers if not o.method.is_face),
        "declined_before": Method.FACE in journey.declined,
        "age": age,
        "guardian_consent": by_guardian,
    }


def accept(state: State, method: Method, seen: Facts, *, returning: bool) -> Facts:
    """May the parcel be accepted, the door opened, the goods sold?"""
    about = state.about
    consented = isinstance(state, Consented)
    base: Facts = {
        **ask_again(about, returning=returning, verified_at_order=False),
        "method": method.value,
        "declined_face": Method.FACE in state.journey.declined,
        "source_up": True,
        "refused_to_show": False,
        "known_untrue": False,
        "document_expired": False,
        "separate_consent": consented,
    }
    return {**base, **seen}


def refuse(about: About, reason: RefusalReason) -> Facts:
    """May the operator refuse for this reason?"""
    duty = ask_again(about, returning=False, verified_at_order=False)
    told = ("kind", "letter", "agreement_signed", "organisation")
    return {**{name: duty[name] for name in told}, "reason": reason.value}
