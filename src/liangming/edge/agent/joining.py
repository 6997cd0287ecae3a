"""A device comes to its centre with a code, and tells it anew when its models or settings changed."""

from __future__ import annotations

from pathlib import Path

import msgspec

import liangming
from liangming.device.invite import peek
from liangming.device.statement import ATTESTATION, ENROLMENT, Statement, signed, stated_by
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.centre import Centre
from liangming.edge.agent.enrolment import Enrolment


class Joined(msgspec.Struct, frozen=True):
    """What a centre answers to a device that it let in."""

    id: str
    scene: str
    operator: str
    api_key: str
    commands_key: str


def statement_of(about: Enrolment, *, models: tuple[str, ...], camera: str) -> Statement:
    """What this device says of itself."""
    return stated_by(
        about.key,
        agent=liangming.__version__,
        camera=camera,
        cells=about.cells,
        key_kept_in=about.key_kept_in,
        kind=about.kind,
        least=about.least,
        models=models,
        remember_days=about.remember_days,
    )


def begun(folder: Path, about: Enrolment, code: str, *, passphrase: str = "") -> Enrolment:
    """Keep the key, before the centre is asked: a crash from here on is mended by coming again.

    Raises:
        Misuse: ``device.invite-unfit``, ``edge.enrolled-before``, ``edge.passphrase-wrong``.
        Outage: ``edge.disk-full``.
    """
    said = peek(code)
    about = msgspec.structs.replace(
        about,
        scene=said.scene,
        kind=said.kind,
        cells=(about.cells or enrolling.CELLS) if said.kind == "locker" else 0,
        centre=about.centre or said.centre,
    )
    kept = enrolling.begin(folder, about, passphrase)
    return msgspec.structs.replace(about, seed=kept.seed, secret=kept.secret)


def joined(
    folder: Path,
    about: Enrolment,
    code: str,
    *,
    models: tuple[str, ...] = (),
    camera: str = "",
    passphrase: str = "",
) -> Enrolment:
    """Come in with the code: the key stays here, an id and an API key come back, durable.

    Raises:
        Misuse: ``edge.centre-said-no``.
        Outage: ``edge.centre-down``, ``edge.disk-full``.
    """
    statement = statement_of(about, models=models, camera=camera)
    signature = signed(about.key, ENROLMENT, code.strip(), statement)
    answer = msgspec.convert(Centre(about).join(code, statement, signature), Joined)
    done = msgspec.structs.replace(
        about,
        device=answer.id,
        scene=answer.scene,
        api_key=answer.api_key,
        commands_key=answer.commands_key,
        attested=statement.digest,
    )
    enrolling.enrol(folder, done, passphrase)
    return done


def attest(
    folder: Path,
    about: Enrolment,
    *,
    models: tuple[str, ...],
    camera: str,
    passphrase: str = "",
) -> Enrolment:
    """Tell the centre anew, if anything of the statement changed.

    Raises:
        Misuse: ``edge.centre-said-no``.
        Outage: ``edge.centre-down``: told at the next start.
    """
    statement = statement_of(about, models=models, camera=camera)
    if not about.reports or statement.digest == about.attested:
        return about
    Centre(about).attest(statement, signed(about.key, ATTESTATION, about.device, statement))
    done = msgspec.structs.replace(about, attested=statement.digest)
    enrolling.rewrite(folder, done, passphrase)
    return done
