"""Where each command stands. A command's module is loaded when it is asked for: others cost it no time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

PLACES: Final = {  # in the order of the help; module:name
    "demo": "demo:demo",
    "sandbox": "sandbox:sandbox",
    "serve": "serve:serve",
    "check": "check:check",
    "disclose": "disclose:disclose",
    "erase": "erase:erase",
    "label": "label:label",
    "parity": "parity:parity",
    "version": "version:version",
    "scene": "scene:app",
    "law": "law:app",
    "keys": "keys:app",
    "ledger": "ledger:app",
    "ledger witness": "witness:witness",
    "ledger devices": "device:devices",
    "audit": "audit:app",
    "audit report": "audit_report:report",
    "audit watch": "audit_report:watch",
    "audit daily": "audit_daily:daily",
    "audit map": "audit_map:begin",
    "audit validate": "audit_map:validate",
    "audit generate": "audit_bench:generate",
    "audit score": "audit_bench:score",
    "export": "export:app",
    "staff": "staff:app",
    "receipt": "receipt:app",
    "packet": "packet:app",
    "finding": "finding:app",
    "rights": "rights:app",
    "drill": "drill:app",
    "device": "device:app",
    "edge": "edge:app",
    "edge evaluate": "edge_evaluate:evaluate",
    "duties": "duties:app",
    "webhook": "webhook:app",
    "notice": "notice:app",
}
PLAIN: Final[dict[str, Any]] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


@cache
def _loaded(name: str) -> Any:
    """One command of the first level, with those below it."""
    outer = typer.Typer(**PLAIN)
    own = _found(PLACES[name])
    if isinstance(own, typer.Typer):
        for words, place in PLACES.items():
            if words.startswith(f"{name} "):
                own.command(words.removeprefix(f"{name} "))(_found(place))
        outer.add_typer(own, name=name)
    else:
        outer.command(name)(own)
    return typer.main.get_group(outer).commands[name]


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"liangming.cli.{module}"), name)


class Commands(TyperGroup):
    """The commands of the first level, by name; one is loaded when it is taken."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = _Shelf()  # nothing is added to it


class _Shelf(Mapping[str, Any]):
    def __getitem__(self, name: str) -> Any:
        if " " in name or name not in PLACES:
            raise KeyError(name)
        return _loaded(name)

    def __iter__(self) -> Iterator[str]:
        return (words for words in PLACES if " " not in words)

    def __len__(self) -> int:
        return sum(1 for _ in self)
