"""The page on documents names every kind and every code, and its example is right."""

import re
from datetime import date
from pathlib import Path

from liangming.errors import Code, Kind
from liangming.method.documents import Caution, DocumentType, cautions, faults, parse, registry

PAGE = (Path(__file__).parents[2] / "docs/spec/documents.md").read_text("utf-8")


def test_every_kind_stands_in_the_table_with_its_item():
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([1-5–]) \|", PAGE, re.MULTILINE))
    assert rows == {
        kind.value: "–" if known.item is None else str(known.item)
        for kind, known in registry.items()
    }


def test_every_code_stands_in_its_list_and_no_other():
    errors, doubts = PAGE.partition("\nErrors (")[2].split("\nCautions: ")
    declared = [code for code in vars(faults).values() if isinstance(code, Code)]
    assert sorted(re.findall(r"`(document\.[\w-]+)`", errors)) == sorted(
        code.name for code in declared
    )
    assert set(re.findall(r"`(document\.[\w-]+)` \(refusal\)", errors)) == {
        code.name for code in declared if code.kind is Kind.REFUSED
    }
    assert sorted(re.findall(r"`(document\.[\w-]+)`", doubts)) == sorted(
        caution.code for caution in vars(cautions).values() if isinstance(caution, Caution)
    )


def test_the_example_on_the_page_is_right():
    card = parse(DocumentType.RESIDENT_CARD, "110105-19491231-002x", on=date(2026, 11, 24))
    assert f'# "{card!r}": never the person' in PAGE
    assert card.normal == "11010519491231002X"
