"""Regenerate what is generated: error codes, event kinds, command help, the law book, pictures.

``python tools/docs.py`` writes; ``python tools/docs.py --check`` names what differs and exits 1.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import liangming
from liangming.errors import catalogue
from liangming.ledger import event_kinds

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NEEDS_DJANGO = ("liangming.storage.models", "liangming.storage.migrations", "liangming.web")


def load_rooms() -> None:
    """Import every module, so that every code and event is declared."""
    for module in pkgutil.walk_packages(liangming.__path__, "liangming."):
        if not module.name.startswith(NEEDS_DJANGO) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with its text."""
    load_rooms()
    yield DOCS / "errors.md", errors()
    yield DOCS / "events.md", events()
    yield DOCS / "cli.md", commands()
    from liangming.law import CORPUS, book

    for name, text in book.pages(CORPUS).items():
        yield DOCS / "law" / name, text


def errors() -> str:
    """Every error code, by room."""
    lines = [
        "# 错误代码 Error codes",
        "",
        "由 `make docs` 生成。代码永不改变，文字可以改进。",
        "*Generated. Codes never change; their texts may improve.*",
        "",
        "| code | kind | 说明 | meaning |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{c.name}` | {c.kind.value} | {c.zh} | {c.en} |" for c in catalogue()]
    return "\n".join(lines) + "\n"


def events() -> str:
    """Every kind of event that becomes a leaf."""
    lines = [
        "# 事件 Events",
        "",
        "由 `make docs` 生成。每个事件都是存证中的一片叶子；事实只有代码、编号和整数，没有个人信息。",
        "*Generated. Each event is a leaf of the evidence; facts are codes, ids and integers only.*",
        "",
        "| tag | 发生了什么 | what happened | facts |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{kind.tag}` | {kind.zh} | {kind.en} | {', '.join(sorted(kind.facts)) or '–'} |"
        for kind in event_kinds()
    ]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """The help of every command, as the terminal prints it."""
    import typer

    from liangming.cli.main import app

    lines = ["# 命令行 Command line", "", "由 `make docs` 生成。 *Generated.*", ""]

    def walk(command: object, path: list[str]) -> None:
        context = typer.Context(command, info_name=" ".join(path), terminal_width=90)  # type: ignore[arg-type]
        lines.extend(
            [f"## `{' '.join(path)}`", "", "```", command.get_help(context), "```", ""]  # type: ignore[attr-defined]
        )
        if hasattr(command, "list_commands"):
            for name in command.list_commands(context):
                walk(command.get_command(context, name), [*path, name])

    walk(typer.main.get_command(app), ["liangming"])
    return "\n".join(lines)


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = 0
    for path, text in pages():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        print(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
