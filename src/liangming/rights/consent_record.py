"""The consent record (同意记录) that a person takes away, in the words of the Data Privacy Vocabulary.

``docs/spec/consent-record.md``. Its structure follows ISO/IEC TS 27560:2023 as a public guide tells it;
the text of the standard itself was not read, so no conformance is claimed. It holds the consent's own
id, the check, the notice by its digest, purposes, terms and times; never who the person is.

Law: pipl.14, pipl.15, pipl.29; iso27560.record (not law)
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from liangming.check.desk import held
from liangming.check.premises import Premises
from liangming.check.states import State
from liangming.clock import from_micros, rfc3339
from liangming.consent import Consent
from liangming.consent import State as ConsentState
from liangming.errors import Misuse
from liangming.notice import FACE
from liangming.rights import faults
from liangming.rights.desk import RightsDesk
from liangming.scene.model import Assessment, Scene, Text

FORMAT: Final = "liangming/consent-record/1"
MEDIA: Final = "application/ld+json"
CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_STATUS: Final = {
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
    ConsentState.EXPIRED: "dpv:ConsentExpired",
}
_EVENTS: Final = {
    "check:consent:given": ["dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"],
    "check:consent:withdrawn": ["dpv:ConsentWithdrawn"],
}
_PURPOSE: Final = Text(
    "在本终端内比对人脸与所出示的证件（一对一）",
    "Compare the face with the document shown, on this device, one to one",
)
_RIGHTS: Final = ("pipl.15", "pipl.44", "pipl.45", "pipl.46", "pipl.47", "pipl.48")


async def consent_record(desk: RightsDesk, check: str) -> dict[str, Any]:
    """The record of the consent given in a check, as it stands now.

    Raises:
        Misuse: ``check.unknown``; ``rights.no-consent``: none was given.
    """
    premises = desk.premises
    state = (await held(premises, check)).state
    consent = state.journey.consent
    if consent is None:
        raise Misuse(faults.NO_CONSENT)
    leaves = await premises.store.leaves(check)
    scene = premises.scenes.get(state.about.scene)
    events = [
        {
            "@type": _EVENTS[leaf.tag],
            "dct:date": _time(from_micros(leaf.at)),
            "dpv:hasEntity": "guardian" if consent.by_guardian else "data subject",
        }
        for leaf in leaves
        if leaf.tag in _EVENTS
    ]
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentRecord",
        "format": FORMAT,
        "dpv:hasIdentifier": consent.id,
        "dct:references": "ISO/IEC TS 27560:2023",
        "dct:created": _time(premises.clock.now()),
        "dpv:hasDataSubject": check,
        "dpv:hasConsentStatus": {"@id": _STATUS[consent.standing(premises.clock.now())]},
        **_until(consent),
        "dpv:hasNotice": _notice(premises, state, consent),
        "dct:hasPart": events,
        "dpv:hasPurpose": _purpose(
            scene, consent, premises.gates.assessment(scene) if scene is not None else None
        ),
    }


def _until(consent: Consent) -> dict[str, Any]:
    """When it ends by itself; consents from before this was kept have none."""
    if consent.until is None:
        return {}
    until = {"@type": "dpv:UntilTimeDuration", "dct:date": _time(consent.until)}
    return {"dpv:hasDuration": until}


def _notice(premises: Premises, state: State, consent: Consent) -> dict[str, Any]:
    shown = state.journey.face_notice
    notice: dict[str, Any] = {"dpv:hasIdentifier": consent.notice}
    if shown is not None and shown.digest == consent.notice:
        notice["dct:hasVersion"] = shown.version
        notice["dct:language"] = shown.language
        notice["dct:date"] = _time(shown.at)
        editions = premises.shelf.of(state.about.operator, FACE)
        for edition in editions:
            if shown.version == f"{FACE}@{edition.wording.version}":
                notice["dct:dateAccepted"] = _time(edition.approved_at)  # by two people
                notice["dct:valid"] = _time(edition.since)
    return notice


def _purpose(
    scene: Scene | None, consent: Consent, assessment: Assessment | None
) -> dict[str, Any]:
    purpose: dict[str, Any] = {
        "@type": "dpv:Purpose",
        "dpv:hasIdentifier": consent.purpose,
        "dct:title": _both(_PURPOSE),
        "dpv:hasLegalBasis": {"@id": "dpv:ExplicitlyExpressedConsent"},
        "dpv:hasProcessing": [{"@id": "dpv:Collect"}, {"@id": "dpv:Match"}, {"@id": "dpv:Erase"}],
        "dpv:hasPersonalData": {
            "@type": ["dpv:PersonalData", "dpv:SensitivePersonalData"],
            "dct:title": _both(Text("人脸信息", "face information")),
            "dpv:hasContext": {"@id": "dpv:Optional"},
        },
        "dpv:hasRecipient": [],
        "dpv:hasJurisdiction": "CN",
        "dpv:hasWithdrawalMethod": _both(
            Text(
                "回执编码打开“我的信息”，撤回刷脸同意", "“My data” with the receipt code, withdraw"
            )
        ),
        "dpv:hasRight": list(_RIGHTS),
        "dpv:hasStorageCondition": {"dpv:hasLocation": {"dpv:hasIdentifier": consent.device}},
    }
    if scene is None:
        return purpose
    purpose["dpv:hasDataController"] = {
        "@type": "dpv:DataController",
        "dpv:hasIdentifier": scene.operator.id,
        "dpv:hasName": _both(scene.operator.name),
        "dpv:hasContact": _both(scene.operator.contact),
    }
    kept = scene.kept("face")
    if kept is not None:
        purpose["dpv:hasStorageCondition"]["dpv:hasDuration"] = f"P{kept.days}D"
        purpose["dpv:hasStorageCondition"]["dct:source"] = kept.article
    if assessment is not None:
        purpose["dpv:hasOrganisationalMeasure"] = {
            "@type": "dpv:ImpactAssessment",
            "dpv:hasIdentifier": assessment.id,
            "dct:created": assessment.approved_on.isoformat(),
        }
    return purpose


def _time(at: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": rfc3339(at)}


def _both(text: Text) -> list[dict[str, str]]:
    return [
        {"@language": "zh", "@value": text.zh},
        {"@language": "en", "@value": text.en},
    ]
