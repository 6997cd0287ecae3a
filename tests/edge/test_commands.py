"""The commands of a device and of the centre that admits it."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liangming.cli.edge import LINE_UNFIT, NO_HARDWARE
from liangming.cli.main import app
from liangming.edge.agent import enrolment as enrolling
from liangming.errors import LiangmingError
from liangming.providers.enrolled import KNOWN_BEFORE, UNKNOWN, EnrolledDevices


def run(folder: Path, *words: str, **environment: str):
    return CliRunner(env={"LIANGMING_DATA": str(folder), **environment}).invoke(app, list(words))


def code_of(done) -> str:
    assert isinstance(done.exception, LiangmingError)
    return done.exception.code.name


@pytest.fixture
def line(tmp_path: Path) -> str:
    words = ("edge", "enrol", "--device", "locker-7", "--scene", "yangli-locker-send")
    done = run(tmp_path / "device", *words)
    assert done.exit_code == 0
    return done.stdout.replace("\n", "").strip()


def test_a_device_is_enrolled_admitted_and_revoked_at_once(tmp_path: Path, line: str) -> None:
    centre = tmp_path / "centre"
    devices = EnrolledDevices(centre / "devices.json")
    assert dict(devices) == {}
    done = run(centre, "edge", "admit", line, "--yes")
    assert done.exit_code == 0
    assert enrolling.digits(line) in done.stderr
    assert (devices["locker-7"].scene, devices["locker-7"].enabled) == ("yangli-locker-send", True)
    about = enrolling.enrolled(tmp_path / "device")
    assert devices["locker-7"].key == about.key.public_key()
    assert run(centre, "edge", "revoke", "locker-7").exit_code == 0
    assert devices["locker-7"].enabled is False
    assert code_of(run(centre, "edge", "admit", line, "--yes")) == KNOWN_BEFORE.name
    assert code_of(run(centre, "edge", "revoke", "locker-8")) == UNKNOWN.name


def test_a_device_is_not_admitted_without_comparing_or_from_a_broken_line(
    tmp_path: Path, line: str
) -> None:
    centre = tmp_path / "centre"
    refused = CliRunner(env={"LIANGMING_DATA": str(centre)}).invoke(
        app, ["edge", "admit", line], input="n\n"
    )
    assert refused.exit_code == 1
    assert not (centre / "devices.json").exists()
    broken = run(centre, "edge", "admit", line[:-1], "--yes")
    assert code_of(broken) == LINE_UNFIT.name


def test_the_private_key_and_codes_stay_off_the_screen(tmp_path: Path) -> None:
    words = ("edge", "enrol", "--device", "locker-7", "--scene", "s-1")
    done = run(tmp_path, *words)
    about = enrolling.enrolled(tmp_path)
    assert about.seed not in done.output
    assert about.secret not in done.output
    assert re.search(r"\b\d{8}\b", done.stderr)
    assert code_of(run(tmp_path, *words)) == enrolling.ENROLLED_BEFORE.name


@pytest.mark.parametrize("device", ["../up", "UPPER", "", "a" * 65])
def test_an_id_that_cannot_be_one_is_told(tmp_path: Path, device: str) -> None:
    done = run(tmp_path, "edge", "enrol", "--device", device, "--scene", "s-1")
    assert code_of(done) == "cli.edge-id-unfit"
    assert not (tmp_path / enrolling.SETTINGS).exists()


@pytest.mark.parametrize("words", [(), ("--simulated",)])
def test_simulated_hardware_is_refused_in_production(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert code_of(run(tmp_path, "edge", "run", *words)) == NO_HARDWARE.name


def test_a_device_that_is_not_enrolled_does_not_run(tmp_path: Path) -> None:
    done = run(tmp_path, "edge", "run", "--simulated", LIANGMING_MODE="development")
    assert code_of(done) == enrolling.NOT_ENROLLED.name


def test_a_list_of_devices_that_cannot_be_read_enrols_nobody(tmp_path: Path) -> None:
    devices = EnrolledDevices(tmp_path / "devices.json")
    devices.admit(
        "d-1",
        "s-1",
        enrolling.fresh("d-1", "s-1", "locker").key.public_key().public_bytes_raw().hex(),
    )
    assert list(devices) == ["d-1"]
    (tmp_path / "devices.json").write_text('[{"id": "d-1", "scene": "s-1", "public": "00"}]')
    assert list(devices) == []
    (tmp_path / "devices.json").write_text("{]")
    assert list(devices) == []
    with pytest.raises(LiangmingError):
        devices.revoke("d-1")
    (tmp_path / "devices.json").unlink()
    assert list(devices) == []


def test_synthetic_figures_come_as_json_for_a_machine(tmp_path: Path, monkeypatch) -> None:
    from liangming.edge.synthetic import species

    monkeypatch.setattr(species, "ALL", (species.BY_NAME["print-flat"],))
    done = run(tmp_path, "edge", "evaluate", "--synthetic", "--trials", "1", "--json")
    told = json.loads(done.stdout)
    assert [row["species"] for row in told["attacks"]] == ["print-flat"]
    assert told["attacks"][0]["together"]["count"] == 0
    assert told["people"]["total"] == 1


def test_nothing_to_evaluate_is_told(tmp_path: Path) -> None:
    assert code_of(run(tmp_path, "edge", "evaluate")) == "cli.edge-nothing-to-evaluate"
    assert code_of(run(tmp_path, "edge", "evaluate", str(tmp_path))) == "edge.no-models"
