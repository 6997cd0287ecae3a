"""Collect the pages' texts into the English catalogue and compile it.

    python tools/translations.py            collect, then compile
    python tools/translations.py --check    only say what is missing, fuzzy, unused or not compiled

Chinese sentences are the source. A changed sentence is a new one: nothing is carried over by
likeness, so a translation can never be silently wrong.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[1] / "src" / "liangming" / "web"
PO = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
WRITTEN = datetime(2026, 11, 24, tzinfo=UTC)  # fixed: the file changes only when a text does


def collected() -> dict[str, list[str]]:
    """Every text of the templates, with the templates it stands in."""
    found: dict[str, list[str]] = {}
    for path in sorted((WEB / "templates").rglob("*.html")):
        source = io.BytesIO(templatize(path.read_text("utf-8")).encode())
        where = str(path.relative_to(WEB))
        for _, text, _, _ in extract("python", source, keywords={"_": None, "gettext": None}):
            found.setdefault(str(text), [])
            if where not in found[str(text)]:
                found[str(text)].append(where)
    return found


def catalogue() -> Catalog:
    """The catalogue as written."""
    if not PO.exists():
        return Catalog(locale="en", project="liangming", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merged() -> Catalog:
    """What the catalogue must be: the texts there are, with the translations there were."""
    old = catalogue()
    new = Catalog(
        locale="en",
        project="liangming",
        version="1",
        header_comment="# English texts of the pages; the Chinese sentence is the source.",
        msgid_bugs_address="-",
        last_translator="The Liangming authors",
        language_team="-",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        charset="utf-8",
        fuzzy=False,
    )
    for text, places in collected().items():
        known = old.get(text)
        said = known.string if known is not None and not known.fuzzy else ""
        new.add(text, said, locations=[(place, 0) for place in places])
    return new


def compiled(catalog: Catalog) -> bytes:
    """The compiled form."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def faults() -> list[str]:
    """Everything wrong with the catalogue, one line each; empty when all is well."""
    wanted, written = collected(), catalogue()
    have = {m.id: m for m in written if m.id}
    wrong = [f"missing: {text}" for text in wanted if not (text in have and have[text].string)]
    wrong += [f"fuzzy: {m.id}" for m in have.values() if m.fuzzy]
    wrong += [f"unused: {text}" for text in have if text not in wanted]
    wrong += [f"unused: {m.id}" for m in written.obsolete.values()]
    if not MO.exists() or MO.read_bytes() != compiled(written):
        wrong.append("not compiled: run tools/translations.py")
    return wrong


def main() -> int:
    """Collect and compile, or check."""
    if "--check" not in sys.argv:
        catalog = merged()
        with PO.open("wb") as file:
            write_po(
                file, catalog, width=0, omit_header=False, include_lineno=False, sort_output=True
            )
        MO.write_bytes(compiled(catalogue()))
    wrong = faults()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
