"""A page from a scanner: over a pipe into memory, no file, and each fault with its own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edge.printed import Told, front
from tests.edge.test_image import encoded, noise
from tests.edge.test_reading import holder
from tests.edge.test_station import station

from liangming.edge.agent import enrolment as enrolling
from liangming.edge.reading import codes
from liangming.edge.station import scan
from liangming.edge.station.scan import Scanner
from liangming.errors import Code, LiangmingError

NAME = "genesys:libusb:001:004"


def program(folder: Path, lines: str) -> str:
    """Stands where ``scanimage`` would; writes down what it was asked."""
    folder.mkdir(exist_ok=True)
    path = folder / "scanimage"
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "$0.asked"\n{lines}\n')
    path.chmod(0o755)
    return str(path)


def code_of(deed: Callable[[], object]) -> str:
    with pytest.raises(LiangmingError) as caught:
        deed()
    return caught.value.code.name


def test_a_page_comes_over_a_pipe_as_it_was_scanned(tmp_path: Path) -> None:
    page = encoded(noise(size=(900, 1200)))
    (tmp_path / "page").write_bytes(page)
    there = program(tmp_path / "bin", f"cat {tmp_path}/page")
    assert Scanner(NAME, there).take() == page
    assert Path(f"{there}.asked").read_text().splitlines() == [
        "--device-name", NAME, "--format=jpeg", "--mode", "Color", "--resolution", "300",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("exit 1", codes.SCANNER_LOST),
        ("printf half; exit 7", codes.SCANNER_LOST),
        ("printf half; kill -9 $$", codes.SCANNER_LOST),
        ("head -c 17000000 /dev/zero", codes.HEAVY),
    ],
    ids=["gone", "jammed", "killed", "endless"],
)
def test_each_trouble_of_a_scanner_has_its_own_words(
    tmp_path: Path, lines: str, code: Code
) -> None:
    assert code_of(Scanner(NAME, program(tmp_path, lines)).take) == code.name


def test_a_scanner_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "SECONDS", 0.2)
    hanging = Scanner(NAME, program(tmp_path, "exec sleep 60"))
    assert code_of(hanging.take) == codes.SCANNER_LOST.name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("net:10.0.0.1:genesys", codes.SCANNER_AFAR),
        ("airscan:e0:Office", codes.SCANNER_AFAR),
        ("escl:http://10.0.0.1:80", codes.SCANNER_AFAR),
        ("hpaio:/net/HP?ip=10.0.0.1", codes.SCANNER_AFAR),
        ("brother4:net1;dev0", codes.SCANNER_AFAR),
        ("v4l:/dev/video0", codes.SCANNER_AFAR),  # a camera is bound, not named
        ("--help", codes.SCANNER_NAME),
        ("a\nb", codes.SCANNER_NAME),
        ("a`id`", codes.SCANNER_NAME),
    ],
)
def test_only_a_scanner_on_this_computer_s_own_bus_is_used(
    tmp_path: Path, name: str, code: Code
) -> None:
    there = program(tmp_path, "exit 0")
    assert code_of(lambda: Scanner(name, there)) == code.name


@pytest.mark.parametrize("name", [NAME, "hpaio:/usb/HP_LaserJet?serial=1", "brother4:bus4;dev1"])
def test_names_of_scanners_on_the_bus_are_taken(tmp_path: Path, name: str) -> None:
    Scanner(name, program(tmp_path, "exit 0"))


def test_without_the_program_it_is_said_at_the_start(tmp_path: Path) -> None:
    assert code_of(lambda: Scanner(NAME, str(tmp_path / "none"))) == codes.NO_SCANNER.name


def test_a_page_is_scanned_at_the_station_corrected_and_nothing_is_kept(tmp_path: Path) -> None:
    one = holder()
    (tmp_path / "page").write_bytes(encoded(noise()))
    about = enrolling.fresh("station-1", "shili-counter", "station")
    here = station(tmp_path / "own", about, Told(front(one)))
    assert "用扫描仪扫一页" not in here.pages.get("/").text
    none = here.pages.post("/scan", data={"token": here.token(), "number": "12"})
    assert (codes.NO_SCANNER.name in none.text, 'value="12"' in none.text) == (True, True)
    here.desk._scanner = Scanner(NAME, program(tmp_path / "bin", f"cat {tmp_path}/page"))
    assert "用扫描仪扫一页" in here.pages.get("/").text
    shown = here.pages.post("/scan", data={"token": here.token(), "name": "更正后"})
    assert f'value="{one.number}"' in shown.text
    assert 'value="更正后"' in shown.text, "the clerk's own correction wins over what is read"
    assert 'formaction="/scan"' in shown.text, "the back may follow"
    assert [(tag, facts["pictures"], facts["kept"]) for tag, facts in here.journal()] == [
        ("device:document:read", 1, 0)
    ]
    here.desk._scanner = Scanner(NAME, program(tmp_path / "bin", "exit 1"))
    lost = here.pages.post("/scan", data={"token": here.token(), "number": "12"})
    assert (lost.status_code, codes.SCANNER_LOST.name in lost.text) == (503, True)
    assert 'value="12"' in lost.text, "what was typed stays"
    here.desk.close()
