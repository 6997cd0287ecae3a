"""Docs that cannot lie: what is generated is current, what is named exists, links lead somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from liangming.assembly import SETTINGS
from liangming.cli.main import app

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "operator.md").read_text("utf-8")
    for setting in SETTINGS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{setting.name}`"))
        if setting.default:
            assert f"`{setting.default}`" in row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_tests_that_the_invariants_page_names_exist() -> None:
    page = (ROOT / "docs" / "invariants.md").read_text("utf-8")
    for name in re.findall(r"`(tests/[\w/.]+)`", page):
        assert (ROOT / name).exists(), name


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make (\w+)", (ROOT / "README.md").read_text("utf-8"))) <= (
        targets | {"and"}
    )


def commands(command: object, words: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command as it is typed, with its options."""
    context = typer.Context(command)  # type: ignore[arg-type]
    yield words, {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from commands(command.get_command(context, name), f"{words} {name}".strip())


def test_every_command_that_a_page_names_exists_with_its_options() -> None:
    known = dict(commands(typer.main.get_command(app)))
    groups = {words.rpartition(" ")[0] for words in known}
    texts = [page for page in PAGES if page.name != "cli.md"]
    texts += [*(ROOT / "src").rglob("*.html"), *(ROOT / "src").rglob("*.py")]
    wrong = []
    for page in texts:
        text = page.read_text("utf-8").replace("\\\n", " ")
        for typed in re.findall(r"(?<![\w./])(?:\.venv/bin/)?liangming( [a-z].*)", text):
            line = re.split(r"[`|;#。；，]|, |\. ", typed)[0]
            words = ""
            rest = line.split()
            while words in groups and rest and re.fullmatch("[a-z-]+", rest[0]):
                words = f"{words} {rest.pop(0)}".strip()
            unknown = set(re.findall(r"(?<=\s)--[a-z][a-z-]*", line)) - known.get(words, set())
            if unknown or (words not in known and words != "import"):
                wrong.append((page.name, words, unknown))
    assert wrong == []


def test_no_page_names_a_person_s_number() -> None:
    for page in PAGES:
        text = re.sub(r"\b[0-9a-f]{32,}\b", "", page.read_text("utf-8"))  # hexadecimal examples
        for number in re.findall(r"(?<![\dA-Fa-f])\d{17}[\dXx](?![\dA-Fa-f])", text):
            public = {"11010519491231002X", "440524188001010014"}
            assert number in public or number.startswith("99"), (page.name, number)


def test_every_table_has_its_head_and_stands_apart() -> None:
    """A row behind an empty line, or words glued below a table, are not shown as they were meant."""
    broken = []
    for page in PAGES:
        lines = [
            "",
            *re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL).splitlines(),
            "",
        ]
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
            if line.startswith("|") != before.startswith("|") and line.strip() and before.strip():
                broken.append((page.name, line))
            head = line.startswith("|") and not before.startswith("|")
            if head and not re.fullmatch(r"\|[\s:|-]+", after):
                broken.append((page.name, line))
    assert broken == []
