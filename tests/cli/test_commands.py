"""The command line as a user types it: output, exit status, and no stack trace ever."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.patience import PATIENCE
from tests.world import CARD, NAME, numbers

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "scenes"


def run(
    *words: str,
    folder: Path,
    stdin: str = "",
    mode: str = "development",
    more: dict[str, str] | None = None,
):
    done = subprocess.run(
        [sys.executable, "-m", "liangming", *words],
        input=stdin.encode(),
        capture_output=True,
        cwd=folder,
        timeout=120,
        check=False,
        env={
            "PATH": "/usr/bin:/bin",
            "LIANGMING_DATA": str(folder / "data"),
            "LIANGMING_SCENES": str(EXAMPLES),
            "LIANGMING_MODE": mode,
            "COLUMNS": "160",
            "PYTHONUTF8": "1",
            **(more or {}),
        },
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, err
    return done.returncode, out, err


def counter() -> str:
    from datetime import date

    from liangming.law.words import SceneKind
    from liangming.scene import SceneCatalogue

    scenes = SceneCatalogue.load([EXAMPLES], date(2026, 11, 24))
    return next(s.id for s in scenes.values() if s.kind is SceneKind.SEND_COUNTER)


def line(number: str = CARD, **evidence: object) -> str:
    shown = {
        "kind": "document",
        "document": "resident_card",
        "number": number,
        "name": NAME,
        "waybill_name": NAME,
        **evidence,
    }
    return json.dumps({"method": "document.seen", "evidence": shown}, ensure_ascii=False)


def test_the_version_is_told(tmp_path: Path) -> None:
    code, out, _ = run("version", folder=tmp_path)
    assert (code, out) == (0, "liangming 0.1.0\n")


def test_every_example_scene_is_lawful(tmp_path: Path) -> None:
    code, _, err = run("scene", "check", str(EXAMPLES), folder=tmp_path)
    assert code == 0, err


def test_an_unlawful_scene_is_refused_with_line_reason_article_and_mend(tmp_path: Path) -> None:
    twins = sorted((ROOT / "tests" / "scene" / "unlawful").glob("*face-first*.toml"))
    code, out, _ = run("scene", "check", str(twins[0]), folder=tmp_path)
    assert code == 1
    assert "scene.face-first" in out
    assert "改法" in out


def test_a_scene_file_that_is_no_toml_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[scene]\nid = ")
    code, out, err = run("scene", "check", "bad.toml", folder=tmp_path)
    assert code == 2
    assert "bad.toml" in out + err


def test_checks_from_json_lines_end_with_outcome_and_article(tmp_path: Path) -> None:
    lines = [
        line(),
        line(),
        line(waybill_name="演示乙"),
        '{"method": "document.seen", "evidence": {"kind": "refused-to-show"}}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    words = ("check", "in.jsonl", "--scene", counter(), "--json")
    code, out, err = run(*words, folder=tmp_path)
    rows = [json.loads(row) for row in out.splitlines()]
    assert [(row["outcome"], row["reason"]) for row in rows] == [
        ("passed", "collected"),
        ("passed", "kept"),
        ("refused", "mismatch"),
        ("refused", "no-document"),
    ]
    assert code == 1
    assert "courier.23" in rows[3]["citations"]
    assert CARD not in out + err
    assert NAME not in out + err


def test_registered_data_open_only_for_a_purpose_and_a_case(tmp_path: Path) -> None:
    words = ("check", "-", "--scene", counter(), "--json")
    _, out, _ = run(*words, folder=tmp_path, stdin=line())
    check = json.loads(out)["check"]
    opened = ("disclose", check, "--purpose", "inspection", "--case", "REQ-1")
    code, out, err = run(*opened, folder=tmp_path)
    assert (code, json.loads(out)["number"]) == (0, CARD)
    assert "记录" in err
    assert run("disclose", check, "--purpose", "curiosity", "--case", "x", folder=tmp_path)[0] == 2
    assert run("disclose", check, "--purpose", "drill", "--case", "", folder=tmp_path)[0] == 2


def test_a_person_is_erased_on_request_and_may_register_anew(tmp_path: Path) -> None:
    words = ("check", "-", "--scene", counter(), "--json")
    check = json.loads(run(*words, folder=tmp_path, stdin=line())[1])["check"]
    assert run("erase", check, folder=tmp_path)[0] == 0
    code, _, err = run("erase", check, folder=tmp_path)
    assert (code, "check.nothing-registered" in err) == (2, True)
    opened = ("disclose", check, "--purpose", "dispute", "--case", "REQ-1")
    assert run(*opened, folder=tmp_path)[0] == 2
    assert json.loads(run(*words, folder=tmp_path, stdin=line())[1])["reason"] == "collected"


def test_one_bad_line_fails_alone_and_the_others_land(tmp_path: Path) -> None:
    good = [line(number) for number in numbers(3)]
    stdin = "\n".join([good[0], "{not json", "", good[1], "\udcff", good[2]])
    words = ("check", "-", "--scene", counter(), "--json")
    done = subprocess.run(
        [sys.executable, "-m", "liangming", *words],
        input=stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=tmp_path,
        timeout=120,
        check=False,
        env={
            "PATH": "/usr/bin:/bin",
            "LIANGMING_DATA": str(tmp_path / "data"),
            "LIANGMING_SCENES": str(EXAMPLES),
            "LIANGMING_MODE": "development",
        },
    )
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [(row["line"], row["outcome"]) for row in rows] == [
        (1, "passed"),
        (2, "failed"),
        (4, "passed"),
        (5, "failed"),
        (6, "passed"),
    ]
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_dry_run_keeps_nothing(tmp_path: Path) -> None:
    words = ("check", "-", "--scene", counter(), "--dry-run")
    code, _, _ = run(*words, folder=tmp_path, stdin=line())
    assert code == 0
    assert not (tmp_path / "data").exists()


def test_production_refuses_numbers_of_the_test_region(tmp_path: Path) -> None:
    words = ("check", "-", "--scene", counter(), "--dry-run", "--json")
    code, out, _ = run(*words, folder=tmp_path, stdin=line(), mode="production")
    assert code == 2
    assert json.loads(out)["outcome"] == "failed"


def test_an_unknown_scene_and_a_missing_file_are_clear_errors(tmp_path: Path) -> None:
    code, _, err = run("check", "-", "--scene", "nowhere", folder=tmp_path, stdin=line())
    assert (code, "check.scene-unknown" in err) == (2, True)
    code, _, err = run("check", "none.jsonl", "--scene", counter(), folder=tmp_path)
    assert (code, "cli.file-unreadable" in err) == (2, True)


@pytest.mark.parametrize("words", [("law", "list"), ("law", "coverage"), ("law", "facts")])
def test_the_law_is_listed(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, _ = run(*words, folder=tmp_path)
    assert code == 0
    assert len(out.splitlines()) > 30


def test_an_article_is_shown_with_its_grade_and_how_it_is_held(tmp_path: Path) -> None:
    code, out, _ = run("law", "show", "courier.23", folder=tmp_path)
    assert code == 0
    assert "第二十三条" in out
    code, _, err = run("law", "show", "courier.999", folder=tmp_path)
    assert (code, "cli.no-such-text" in err) == (2, True)


def test_a_question_is_answered_with_the_article(tmp_path: Path) -> None:
    words = ("law", "explain", "refuse", "kind=parcel.send.counter", "reason=declined-face")
    code, out, _ = run(*words, folder=tmp_path)
    assert code == 1
    assert "pipl.16" in out


def test_keys_are_made_once_listed_and_revoked(tmp_path: Path) -> None:
    code, out, err = run("keys", "init", folder=tmp_path)
    assert code == 0
    assert "备份" in err
    key_file = Path(out.strip())
    assert key_file.stat().st_mode & 0o777 == 0o600
    code, out, _ = run("keys", "add", "terminals", "--operator", "demo", folder=tmp_path)
    assert code == 0
    assert out.startswith("lmk_cli_")
    secret = out.strip().rpartition("_")[2]
    code, out, _ = run("keys", "list", folder=tmp_path)
    client = out.split()[0]
    assert secret not in out
    assert run("keys", "revoke", client, folder=tmp_path)[0] == 0
    assert run("keys", "revoke", client, folder=tmp_path)[0] == 2
    assert run("keys", "rotate", folder=tmp_path)[0] == 0


def test_forgetting_is_two_steps_and_says_what_to_do_with_the_copies(tmp_path: Path) -> None:
    assert run("check", "-", "--scene", counter(), folder=tmp_path, stdin=line())[0] == 0
    code, _, err = run("keys", "forget", folder=tmp_path)
    assert (code, "1" in err, "备份" in err) == (0, True, True)
    code, _, err = run("keys", "forget", "--destroy", folder=tmp_path)
    assert (code, "覆盖" in err) == (0, True)
    words = ("check", "-", "--scene", counter(), "--json")
    code, out, _ = run(*words, folder=tmp_path, stdin=line())
    assert (code, json.loads(out)["reason"]) == (0, "kept")


def test_the_demo_plays_every_incident_as_it_must_end(tmp_path: Path) -> None:
    code, out, err = run("demo", "--once", folder=tmp_path)
    assert code == 0, out + err
    for incident in ("N1", "N2", "N3", "N4", "N5", "N6"):
        assert f"✓ {incident}" in out
    assert not (tmp_path / "data").exists()


def test_a_command_loads_no_other_command(tmp_path: Path) -> None:
    code = (
        "import sys; from liangming.cli.main import app\n"
        "try: app(['version'])\n"
        "finally: print(*sorted(m for m in sys.modules if m.startswith('liangming.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert done.stdout.decode().split()[2:] == [
        "liangming.cli",
        "liangming.cli.commands",
        "liangming.cli.main",
        "liangming.cli.version",
        "liangming.errors",
    ]
