"""What a device says about a face, signed: see docs/spec/face-outcome.md."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import liangming
from liangming.check.confirmed import face_message
from liangming.clock import Clock, micros
from liangming.edge.face.order import Ended, Result
from liangming.method import DocumentShown, FaceReport, FaceShown

PURPOSE: Final = "face-match"


def sign(
    ended: Ended,
    key: Ed25519PrivateKey,
    clock: Clock,
    *,
    key_kept_in: str,
    backend: str,
    document: DocumentShown | None = None,
) -> FaceShown:
    """The evidence for the centre: outcome and report under one signature, no score.

    Args:
        key_kept_in: as the device's statement says it.
        backend: runtime and precision, because thresholds belong to them.
        document: what was read from the card whose photo was compared.
    """
    agreed, looked = ended.agreed, ended.looked
    report = FaceReport(
        purpose=PURPOSE,
        pad_level=looked.pad_level,
        layers=looked.layers,
        models=looked.models,
        backend=backend,
        agent=liangming.__version__,
        key_kept_in=key_kept_in,
        at=micros(clock.now()),
        tries=agreed.tries,
        frames_taken=agreed.taken,
        frames_kept=agreed.kept,
    )
    result = looked.result.value
    message = face_message(agreed.check, agreed.nonce, agreed.device, result, report)
    return FaceShown(
        device=agreed.device,
        outcome=looked.result.value,
        nonce=agreed.nonce,
        signature=key.sign(message).hex(),
        document=document if looked.result is Result.MATCH else None,
        report=report,
    )
