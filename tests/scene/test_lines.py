from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.scene.lines import Source, line_of, locate, written

DOCUMENT = """\
# a comment with [brackets] and "quotes"
title = "a [b] # c"

[operator]
name = { zh = "一", en = "two" } # tail
'quoted key' = 1
a.b.c = 2

[[scene]]
ways = [
    "first", # one
    { method = "face", label = { zh = "x", en = "y" } },
    [1, 2],
]

[scene.collects]
document = { days = 1 }

[[scene]]
text = \"\"\"
several "lines" ]
of = text\"\"\"
after = 2026-03-01T00:00:00Z

[scene.face.assessment]
id = 'x'
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("operator",), 4),
        (("operator", "name", "en"), 5),
        (("operator", "quoted key"), 6),
        (("operator", "a", "b", "c"), 7),
        (("scene", 0), 9),
        (("scene", 0, "ways"), 10),
        (("scene", 0, "ways", 0), 11),
        (("scene", 0, "ways", 1, "label", "en"), 12),
        (("scene", 0, "ways", 2, 1), 13),
        (("scene", 0, "collects", "document", "days"), 17),
        (("scene", 1), 19),
        (("scene", 1, "text"), 20),
        (("scene", 1, "after"), 23),
        (("scene", 1, "face", "assessment", "id"), 26),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_key_of_a_mixed_document_is_found_on_its_line(path, line, ending):
    assert line == locate(DOCUMENT.replace("\n", ending))[path]


def test_a_missing_key_is_placed_at_the_nearest_thing_around_it():
    assert line_of(locate(DOCUMENT), ("scene", 0, "ways", 7, "label")) == 10
    assert Source("f", ("scene", 1), locate(DOCUMENT)).line("purpose") == 19


def test_a_source_of_a_scene_built_in_code_has_no_line():
    assert Source().line("purpose") == 0


def test_a_path_is_written_as_people_write_it():
    assert written(("scene", 0, "ways", 1, "method")) == "scene[0].ways[1].method"


def _paths(value, path=()):
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


_words = st.text("ab_-1中\"'\\#[]{}=., ", min_size=1, max_size=6)
_values = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), _words),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(_words, inner, max_size=3)
    ),
    max_leaves=8,
)


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _inline(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",\n".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else str(value)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(_words, _values, max_size=5))
def test_every_path_of_any_document_has_a_line(document):
    text = "".join(
        f"# note\n{_quoted(key)} = {_inline(value)}\n" for key, value in document.items()
    )
    assert document == tomllib.loads(text)
    assert set(_paths(document)) == set(locate(text))
