"""Codes and sources: what somebody else, or we ourselves earlier, can confirm.

A source that is down becomes ``source_up = False``, never a *no* (I4).
"""

from __future__ import annotations

from typing import Final, TypeVar, assert_never

import msgspec
from cryptography.exceptions import InvalidSignature

from liangming import method as shown
from liangming.check import facts as told
from liangming.check import faults, states
from liangming.check.devices import Device
from liangming.check.examined import Examined, Sitting
from liangming.check.open import bound
from liangming.check.ports import Redemption
from liangming.check.seen import agree, of_document
from liangming.clock import micros
from liangming.errors import Misuse, Refusal
from liangming.law.words import Method
from liangming.method import handover, payment, pickup

S = TypeVar("S")
FACE_CONTEXT: Final = b"liangming/face/1\0"
REPORT_CONTEXT: Final = b"liangming/face/2\0"


async def of_credential(sitting: Sitting, evidence: shown.CredentialShown) -> Examined:
    """The national network credential; a service that is down is not a no.

    Law: netid, face.11
    """
    source = _bound(sitting, sitting.premises.sources.credential)
    answer = shown.Down() if source is None else await source.confirm(evidence, at=sitting.at)
    match answer:
        case shown.Down():
            return Examined(
                method=sitting.method, facts={"source_up": False, "document_shown": None}
            )
        case shown.Denied():
            # A presentation that fails proves nothing about the person: another way stays open.
            return Examined(
                method=sitting.method,
                facts={"source_up": True, "source_confirmed": False, "document_shown": None},
            )
        case shown.Confirmed(document=document):
            facts: told.Facts = {"source_up": True, "source_confirmed": True, "entitled": True}
            if document is None:
                return Examined(method=sitting.method, facts=facts)
            agrees = msgspec.structs.replace(
                document, waybill_name=evidence.waybill_name or document.name, agrees=True
            )
            behind = of_document(sitting, agrees)
            return msgspec.structs.replace(behind, facts={**behind.facts, **facts})
        case _:
            assert_never(answer)


async def of_order(sitting: Sitting, evidence: shown.OrderCodeShown) -> Examined:
    """An order verified in the app: the document is seen, nothing is collected (N1, I9)."""
    code = handover.read(
        sitting.premises.signer.public_key(),
        evidence.code,
        expected_operator=sitting.scene.operator.id,
        at=sitting.at,
    )
    row = await sitting.premises.store.check(code.check)
    if row is None or row.state != "passed" or row.person is None:
        raise Misuse(faults.ORDER_UNKNOWN, field="evidence.code")
    if evidence.document_seen is None:
        raise Misuse(faults.AGREE_MISSING, field="evidence.document_seen")
    facts: told.Facts = {
        "verified_at_order": True,
        "document_shown": evidence.document_seen,
        "refused_to_show": False,
        "document_accepted": True,
        "registered": True,
    }
    if (
        evidence.document is not None
    ):  # read by a machine: it is the card of who ordered, or it is not
        behind = of_document(sitting, evidence.document)
        facts = {**behind.facts, **facts, "data_matches": behind.person == row.person}
        facts["document_accepted"] = behind.facts["document_accepted"]
    else:
        facts["data_matches"] = agree("", "", agrees=evidence.agrees)
    return Examined(
        method=Method.ORDER_CODE,
        facts=facts,
        person=row.person,
        redeem=(Redemption(code.digest, micros(sitting.at)),),
        at_order=True,
    )


async def of_agreement(sitting: Sitting, evidence: shown.AgreementShown) -> Examined:
    """A signed safety agreement, from the operator's own list."""
    source = _bound(sitting, sitting.premises.sources.agreement)
    answer: shown.Answer = (
        shown.Down()
        if source is None
        else await source.confirm(
            evidence.agreement, operator=sitting.scene.operator.id, at=sitting.at
        )
    )
    if isinstance(answer, shown.Down):
        return Examined(method=Method.AGREEMENT, facts={"source_up": False})
    signed = isinstance(answer, shown.Confirmed)
    return Examined(
        method=Method.AGREEMENT,
        facts={"agreement_signed": signed, "entitled": signed, "source_confirmed": signed},
    )


async def of_pickup(sitting: Sitting, evidence: shown.PickupCodeShown) -> Examined:
    """A pick-up code: known here, unused, in time; guesses are limited, other ways stay open."""
    digest = pickup.digest(sitting.premises.keys.token, sitting.scene.id, evidence.code)
    sitting.premises.limiter.admit(sitting.scene.id, sitting.at)
    code = await sitting.premises.store.pickup_code(digest, sitting.at)
    if code is None or not pickup.same(code.digest, digest):
        sitting.premises.limiter.failed(sitting.scene.id, sitting.at)
        raise Misuse(pickup.CODE_UNKNOWN, field="evidence.code")
    return Examined(
        method=Method.PICKUP_CODE,
        facts={"entitled": True},
        redeem=(Redemption(digest, micros(sitting.at)),),
    )


async def of_entitling(
    sitting: Sitting, evidence: shown.TicketShown | shown.PaymentShown
) -> Examined:
    """A ticket or payment as the operator's own system knows it, or by the word of a machine that was paid.

    Only an enabled machine of this scene is believed, of this way, for ten minutes, once an order.
    """
    if isinstance(evidence, shown.TicketShown) or not payment.said(evidence.reference):
        return await of_entitlement(sitting, evidence.reference)
    device = await sitting.premises.devices.find(payment.payer(evidence.reference))
    proven = None
    if device is not None and device.enabled and device.scene == sitting.scene.id:
        proven = payment.confirmed(
            evidence.reference, device.key, scene=device.scene, by=evidence.by, at=sitting.at
        )
    if proven is None:
        return Examined(method=sitting.method, facts={"entitled": False})
    return Examined(
        method=sitting.method,
        facts={"entitled": True},
        redeem=(Redemption(proven.digest, micros(sitting.at)),),
    )


async def of_entitlement(sitting: Sitting, reference: str) -> Examined:
    """A ticket, booking or payment, from the operator's own system."""
    source = _bound(sitting, sitting.premises.sources.entitlement)
    answer: shown.Answer = (
        shown.Down()
        if source is None
        else await source.confirm(reference, scene=sitting.scene.id, at=sitting.at)
    )
    if isinstance(answer, shown.Down):
        return Examined(method=sitting.method, facts={"source_up": False})
    return Examined(method=sitting.method, facts={"entitled": isinstance(answer, shown.Confirmed)})


async def of_face(sitting: Sitting, evidence: shown.FaceShown) -> Examined:
    """A device-signed outcome; only after consent, only from that device, under that nonce (I2).

    A face that does not match or abstains costs one tap: the check stays undetermined and every
    other way stays open. It never refuses a parcel.
    """
    state = sitting.state
    if not isinstance(state, states.Consented):
        raise Misuse(faults.CONSENT_FIRST, citations=("pipl.29",))
    device = await sitting.premises.devices.find(evidence.device)
    fresh = evidence.device == state.device and evidence.nonce == state.nonce
    if device is None or not device.enabled or device.scene != sitting.scene.id or not fresh:
        raise Misuse(faults.OUTCOME_UNSIGNED, field="evidence.device")
    try:
        device.key.verify(
            bytes.fromhex(evidence.signature),
            face_message(
                state.about.id, state.nonce, evidence.device, evidence.outcome, evidence.report
            ),
        )
    except (InvalidSignature, ValueError):
        raise Misuse(faults.OUTCOME_UNSIGNED, field="evidence.signature") from None
    if not sitting.premises.gates.assessed(sitting.scene, sitting.on):
        raise Refusal(faults.CAPTURE_BARRED, citations=("pipl.55", "face.9"))
    report = evidence.report
    if report is not None and report.frames_kept:
        raise Refusal(
            faults.FRAMES_KEPT, citations=("face.8",), field="evidence.report.frames_kept"
        )
    terms = sitting.scene.face
    level = report.pad_level if report is not None else 0
    if device.models is not None and report is not None and not attested(device, report):
        level = 0  # other models looked than those that this device was enrolled with
    frames = (report.frames_taken, report.frames_kept) if report is not None else None
    if evidence.outcome != "match" or terms is None or level < terms.pad_level:
        # A match below the level that the scene asks is no answer, as if the device had abstained.
        return Examined(
            method=Method.FACE, facts={"source_up": False}, frames=frames, pad_level=level
        )
    if evidence.document is None:
        return Examined(
            method=Method.FACE, facts={"entitled": True}, frames=frames, pad_level=level
        )
    behind = of_document(sitting, evidence.document)
    return msgspec.structs.replace(
        behind, facts={**behind.facts, "entitled": True}, frames=frames, pad_level=level
    )


def _bound(sitting: Sitting, source: S | None) -> S | None:
    """A source while its contract stands; one that has ended is as if it were down."""
    return source if bound(sitting.premises, sitting.method, sitting.on) else None


def attested(device: Device, report: shown.FaceReport) -> bool:
    """Whether only models looked that the device named when it was enrolled or attested anew."""
    return set(report.models) <= set(device.models or ())


def face_message(
    check: str, nonce: str, device: str, outcome: str, report: shown.FaceReport | None = None
) -> bytes:
    """The bytes that a device signs: check, nonce, device, outcome, then the report if there is one.

    Each part stands behind its length; the report is its canonical JSON, under a context of its
    own, so that it can neither be dropped nor added (docs/spec/face-outcome.md).
    """
    parts = [part.encode() for part in (check, nonce, device, outcome)]
    if report is not None:
        parts.append(msgspec.json.encode(report, order="sorted"))
    context = FACE_CONTEXT if report is None else REPORT_CONTEXT
    return context + b"".join(len(part).to_bytes(2, "big") + part for part in parts)
