"""The commands of a device and of the centre that admits it."""

import json
import re
from pathlib import Path

import pytest
from tests.e2e.server import EXAMPLES
from tests.edge.conftest import SCENE
from typer.testing import CliRunner

from liangming.cli.device import NOT_ONE_OF
from liangming.cli.edge import CODE_OR_ALONE, NO_HARDWARE
from liangming.cli.main import app
from liangming.device.invite import peek
from liangming.edge.agent import enrolment as enrolling
from liangming.errors import LiangmingError
from liangming.ledger.device import key_text


def run(folder: Path, *words: str, **environment: str):
    return CliRunner(env={"LIANGMING_DATA": str(folder), **environment}).invoke(app, list(words))


def code_of(done) -> str:
    assert isinstance(done.exception, LiangmingError)
    return done.exception.code.name


ALONE = ("edge", "enrol", "--alone", "locker-7", "--scene", "s-1")


def test_the_private_key_and_codes_stay_off_the_screen(tmp_path: Path) -> None:
    done = run(tmp_path, *ALONE)
    about = enrolling.enrolled(tmp_path)
    assert (about.device, about.scene, about.centre) == ("locker-7", "s-1", "")
    assert about.seed not in done.output
    assert about.secret not in done.output
    assert "没有使用 TPM" in done.stderr
    assert re.search(r"\b\d{8}\b", done.stderr)
    assert code_of(run(tmp_path, *ALONE)) == enrolling.ENROLLED_BEFORE.name


def test_a_passphrase_is_asked_for_and_the_file_is_shut(tmp_path: Path) -> None:
    runner = CliRunner(env={"LIANGMING_DATA": str(tmp_path)})
    done = runner.invoke(app, [*ALONE, "--passphrase"], input="horse\n")
    assert done.exit_code == 0, done.output
    assert enrolling.locked(tmp_path)
    about = enrolling.enrolled(tmp_path, "horse")
    assert about.key_kept_in == "software-passphrase"
    started = CliRunner(
        env={"LIANGMING_DATA": str(tmp_path), "LIANGMING_MODE": "development"}
    ).invoke(app, ["edge", "run", "--simulated"], input="wrong\n")
    assert code_of(started) == enrolling.PASSPHRASE.name


@pytest.mark.parametrize("device", ["../up", "UPPER", "a" * 65])
def test_an_id_that_cannot_be_one_is_told(tmp_path: Path, device: str) -> None:
    done = run(tmp_path, "edge", "enrol", "--alone", device, "--scene", "s-1")
    assert code_of(done) == "cli.edge-id-unfit"
    assert not (tmp_path / enrolling.SETTINGS).exists()


@pytest.mark.parametrize("words", [(), ("--alone", "d-1", "--code", "lmi1.e30.AA")])
def test_a_code_or_alone_and_not_both(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert code_of(run(tmp_path, "edge", "enrol", *words)) == CODE_OR_ALONE.name


def test_a_code_that_is_none_asks_no_centre_and_leaves_nothing(tmp_path: Path) -> None:
    assert code_of(run(tmp_path, "edge", "enrol", "--code", "nonsense")) == "device.invite-unfit"
    assert list(tmp_path.iterdir()) == []


def test_devices_are_enrolled_listed_told_and_disabled_by_hand(tmp_path: Path) -> None:
    place = {"LIANGMING_SCENES": str(EXAMPLES), "LIANGMING_MODE": "development"}

    def at(*words: str):
        return run(tmp_path, "device", *words, **place)

    code = at("invite", "一号柜", "--scene", SCENE).stdout.strip()
    assert peek(code).scene == SCENE
    assert code_of(at("invite", "x", "--scene", SCENE, "--kind", "tank")) == NOT_ONE_OF.name
    assert code_of(at("invite", "x", "--scene", "no.such")) == "check.scene-unknown"
    key = key_text(enrolling.fresh("d", "s", "locker").key.public_key())
    device = at("add", "一号站", "--scene", SCENE, "--key", key).stdout.strip()
    assert json.loads(at("list", "--json").stdout)[0]["enabled"] is True
    command = at("tell", device, "stop-face").stdout.strip()
    (row,) = json.loads(at("list", "--json").stdout)
    assert row["commands"] == [{"id": command, "deed": "stop-face", "milliseconds": None}]
    assert "stop-face" in at("list").stdout
    assert code_of(at("tell", device, "open-doors")) == NOT_ONE_OF.name
    assert code_of(at("tell", "dev_x", "stop-face")) == "device.unknown"
    assert at("revoke", device).exit_code == 0
    assert "早已停用" in at("revoke", device).stderr
    assert "已停用" in at("list").stdout
    assert at("key").stdout.startswith("liangming.local/log/commands+")


@pytest.mark.parametrize("words", [(), ("--simulated",)])
def test_simulated_hardware_is_refused_in_production(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert code_of(run(tmp_path, "edge", "run", *words)) == NO_HARDWARE.name


def test_a_device_that_is_not_enrolled_does_not_run(tmp_path: Path) -> None:
    done = run(tmp_path, "edge", "run", "--simulated", LIANGMING_MODE="development")
    assert code_of(done) == enrolling.NOT_ENROLLED.name


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
