from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.law.words import Channel, Method, SceneKind
from liangming.method.documents.accepted import AcceptedDocuments
from liangming.method.documents.kinds import DocumentType
from liangming.notice import families
from liangming.scene import KINDS, BadSceneFile, Fault, load_scene_file
from liangming.scene.documents import LISTED, LISTED_BASIS, TYPES
from liangming.scene.kinds import NOTICES
from liangming.scene.reading import LARGEST

from .places import LAWFUL

HEAD = """\
[operator]
id = "op"
name = "示例"
contact = "privacy@op.example"
complaints = "400-000-0000"

[outlet]
id = "one"
name = "一店"

"""
SHORT = (
    HEAD
    + """\
[scene]
id = "gate"
kind = "entrance.sports"
purpose = { zh = "核对票证", en = "To check the ticket" }
ways = ["ticket"]
"""
)
FIRST = HEAD.count("\n") + 1  # the line of [scene]


def faults_of(data: str | bytes) -> list[tuple[str, int, str, str]]:
    with pytest.raises(BadSceneFile) as caught:
        load_scene_file(data if isinstance(data, bytes) else data.encode(), "f.toml")
    return [(f.code.name, f.line, f.field, f.hint) for f in caught.value.faults]


def found_in(data: bytes) -> tuple[Fault, ...]:
    """The faults of a file, none if it can be read; any other exception is the test's failure."""
    try:
        load_scene_file(data, "f.toml")
    except BadSceneFile as error:
        return error.faults
    return ()


def with_key(line: str) -> str:
    return SHORT + line + "\n"


def test_the_shortest_file_gets_lawful_defaults():
    (scene,) = load_scene_file(SHORT.encode(), "f.toml")
    assert (scene.channel, scene.notice, scene.staff_help) == (Channel.GATE, "entrance", False)
    assert (scene.fields, scene.phone_forced, scene.face) == ((), False, None)
    assert scene.methods == (Method.TICKET,)
    assert (scene.outlet.name.zh, scene.outlet.name.en) == ("一店", "一店")
    assert scene.source.line("kind") == FIRST + 2


@pytest.mark.parametrize("kind", SceneKind)
def test_each_kind_has_its_usual_channel_and_notice(kind):
    (scene,) = load_scene_file(SHORT.replace("entrance.sports", kind).encode(), "f")
    assert (scene.channel, scene.notice) == (KINDS[kind].channel, KINDS[kind].notice)
    assert scene.staff_help is (scene.channel in {Channel.COUNTER, Channel.DOORSTEP})


def test_a_send_scene_accepts_every_document_the_order_lists_and_those_with_a_stated_basis():
    scenes = load_scene_file(LAWFUL / "express.toml")
    accepted = {each.type: each.basis for each in scenes[0].accepted}
    assert [name for name, basis in accepted.items() if basis == LISTED_BASIS] == list(LISTED)
    assert set(accepted) - set(LISTED) == {"permanent_residence_2023"}


def test_the_names_of_documents_are_those_of_the_method_room():
    assert set(TYPES) == {kind.value for kind in DocumentType}
    assert {kind.value for kind in AcceptedDocuments().types()} == set(LISTED)


def test_every_notice_that_a_scene_may_name_is_on_file():
    assert set(NOTICES) <= set(families())


def test_a_field_without_days_is_collected_and_unstated():
    (scene,) = load_scene_file(with_key("collects = { name = {} }").encode(), "f")
    assert (scene.fields, scene.retention) == (("name",), ())


END = FIRST + 5  # the line after the shortest scene


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("chanel = 'gate'", ("scene.unknown-key", END, "scene", "channel")),
        ("xyzzy = 1", ("scene.unknown-key", END, "scene", "")),
        ("channel = 'gates'", ("scene.unknown-value", END, "scene.channel", "gate")),
        ("channel = 3", ("scene.wrong-type", END, "scene.channel", '"…"')),
        ("notice = 'vendin'", ("scene.unknown-value", END, "scene.notice", "vending")),
        ("outlet = 'onee'", ("scene.unknown-value", END, "scene.outlet", "one")),
        ("staff_help = 'yes'", ("scene.wrong-type", END, "scene.staff_help", "true | false")),
        ("check_minutes = 0", ("scene.out-of-range", END, "scene.check_minutes", "1–120")),
        ("check_minutes = true", ("scene.wrong-type", END, "scene.check_minutes", "1–120")),
        ("withdrawal = 7", ("scene.wrong-type", END, "scene.withdrawal", '{ zh = "…", en = "…" }')),
        ("texts = 'x'", ("scene.wrong-type", END, "scene.texts", "[ … ]")),
        (
            "texts = ['x']",
            ("scene.wrong-type", END, "scene.texts[0]", '{ zh = "…", en = "…" }'),
        ),
        ("texts = [{ zh = '一' }]", ("scene.missing-key", END, "scene.texts[0]", "en")),
        ("collects = { nme = {} }", ("scene.unknown-key", END, "scene.collects", "name")),
        ("collects = { name = 3 }", ("scene.wrong-type", END, "scene.collects.name", "{ … }")),
        (
            "collects = { name = { days = -1 } }",
            ("scene.out-of-range", END, "scene.collects.name.days", "0–36500"),
        ),
        (
            "collects = { name = { days = 1.5 } }",
            ("scene.wrong-type", END, "scene.collects.name.days", "0–36500"),
        ),
        ("accepts = { pasport = 'x' }", ("scene.unknown-key", END, "scene.accepts", "passport")),
        (
            "accepts = { other = '' }",
            ("scene.missing-key", END, "scene.accepts.other", "“依据：……”"),
        ),
        (f"withdrawal = '{'长' * 501}'", ("scene.bad-text", END, "scene.withdrawal", "")),
        ('withdrawal = "a\\u0007b"', ("scene.bad-text", END, "scene.withdrawal", "")),
        ("face = { asessment = 1 }", ("scene.unknown-key", END, "scene.face", "assessment")),
        (
            (
                "face = { assessment = { id = 'x', approved_by = 'y', approved_on = '2026-01-01', "
                "valid_until = 2026-01-01 } }"
            ),
            ("scene.wrong-type", END, "scene.face.assessment.approved_on", "2026-03-01"),
        ),
        (
            (
                "face = { assessment = { id = 'x', approved_by = 'y', approved_on = 2026-02-01, "
                "valid_until = 2026-01-01 } }"
            ),
            ("scene.out-of-range", END, "scene.face.assessment.valid_until", "≥ approved_on"),
        ),
    ],
)
def test_a_wrong_key_or_value_is_refused_with_line_and_hint(line, fault):
    assert faults_of(with_key(line)) == [fault]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('["ticket"]', '["tiket"]', ("scene.unknown-value", FIRST + 4, "scene.ways[0]", "ticket")),
        ('["ticket"]', "[1]", ("scene.wrong-type", FIRST + 4, "scene.ways[0]", '"…"')),
        ('"ticket"', '"ticket", "ticket"', ("scene.duplicate-way", FIRST + 4, "scene.ways[1]", "")),
        (
            '["ticket"]',
            '["ticket", "face"]',
            ("scene.face-terms-missing", FIRST + 4, "scene.ways", "[scene.face]"),
        ),
        ("entrance.sports", "entrance.sport", ("scene.unknown-value", FIRST + 2, "scene.kind", "entrance.sports")),
        ('id = "gate"', 'id = "Gate 1"', ("scene.bad-id", FIRST + 1, "scene.id", "")),
        ('id = "gate"\n', "", ("scene.missing-key", FIRST, "scene", "id")),
        ('id = "gate"', 'id = ""', ("scene.bad-id", FIRST + 1, "scene.id", "")),
        ('ways = ["ticket"]\n', "", ("scene.missing-key", FIRST, "scene", "ways")),
        ('name = "一店"\n', "", ("scene.missing-key", 7, "outlet", "name")),
        ('id = "one"', 'id = "one"\nprovince = "31"', ("scene.bad-province", 9, "outlet.province", "")),
        ("[operator]", "[operators]", ("scene.unknown-key", 1, "", "operator")),
    ],
)  # fmt: skip
def test_a_wrong_head_or_way_is_refused_with_line_and_hint(old, new, fault):
    assert fault in faults_of(SHORT.replace(old, new))


def test_all_faults_are_told_at_once_in_the_order_of_the_file():
    text = with_key("chanel = 1\nstaff_help = 2").replace('"ticket"', '"tiket"')
    assert [line for _, line, _, _ in faults_of(text)] == [FIRST + 4, END, END + 1]


def test_one_id_cannot_name_two_scenes_of_a_file():
    scene = SHORT.removeprefix(HEAD).replace("[scene]", "[[scene]]")
    assert faults_of(HEAD + scene + scene) == [("scene.duplicate-id", FIRST + 6, "scene[1].id", "")]


def test_with_several_outlets_a_scene_says_which():
    text = SHORT.replace("[outlet]", '[[outlet]]\nid = "two"\nname = "二店"\n\n[[outlet]]')
    assert [code for code, *_ in faults_of(text)] == ["scene.which-outlet"]
    (scene,) = load_scene_file((text + 'outlet = "one"\n').encode(), "f")
    assert scene.outlet.id == "one"


def test_a_file_without_scenes_is_refused():
    assert [code for code, *_ in faults_of(HEAD)] == ["scene.no-scene"]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"\xef\xbb\xbf" + SHORT.encode(), "scene.byte-order-mark", 1),
        (SHORT.encode("utf-16"), "scene.byte-order-mark", 1),
        (SHORT.encode("gbk"), "scene.not-utf8", 3),
        (b"# " + b"x" * LARGEST, "scene.too-large", 0),
        (b"[operator]\nid = \n", "scene.not-toml", 2),
        (b"[operator]\nid = 'a'\nid = 'b'\n", "scene.not-toml", 3),
        (b"[operator\n", "scene.not-toml", 1),
        (b"a = 'unclosed", "scene.not-toml", 1),
        (b"a = " + b"[" * 100_000, "scene.too-deep", 0),
        (b"a = " + b"{a=" * 50_000, "scene.too-deep", 0),
        (b"\n" + b"a." * 100_000 + b"a = 1", "scene.too-deep", 2),
        (b"[" + b"a." * 100_000 + b"a]", "scene.too-deep", 1),
        (b"a = " + b"9" * 10_000, "scene.not-toml", 1),
        (b"a = 2026-02-31\n", "scene.not-toml", 1),
        (b"a = \x00", "scene.not-toml", 1),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_a_file_that_is_no_text_or_no_toml_is_told_so(data, code, line):
    assert [(c, at) for c, at, *_ in faults_of(data)] == [(code, line)]


def test_too_many_scenes_in_one_file_are_refused():
    scene = '[[scene]]\nid = "a"\nkind = "vending.payment"\n'
    assert "scene.too-large" in [code for code, *_ in faults_of(HEAD + scene * 501)]


@pytest.mark.parametrize("path", ["missing.toml", "."])
def test_a_file_that_cannot_be_opened_is_told_so(tmp_path, path):
    with pytest.raises(BadSceneFile) as caught:
        load_scene_file(tmp_path / path)
    assert caught.value.code.name == "scene.unreadable-file"


def test_a_fault_never_repeats_what_was_written():
    secret = "11010519491231002X"
    text = with_key(f"'{secret}' = '{secret}'").replace('"ticket"', f'"{secret}"')
    with pytest.raises(BadSceneFile) as caught:
        load_scene_file(text.encode(), "f.toml")
    told = str(caught.value) + str([fault.as_dict() for fault in caught.value.faults])
    assert secret not in told


def test_a_fault_tells_machines_where_and_what():
    with pytest.raises(BadSceneFile) as caught:
        load_scene_file(with_key("chanel = 1").encode(), "f.toml")
    fault = caught.value.faults[0]
    assert isinstance(fault, Fault)
    assert fault.as_dict() == {
        "code": "scene.unknown-key",
        "file": "f.toml",
        "line": END,
        "field": "scene",
        "zh": fault.code.zh,
        "en": fault.code.en,
        "hint": "channel",
    }


_example = (LAWFUL / "locker-face.toml").read_bytes()
_chunks = st.sampled_from(
    [b'"', b"'", b"[", b"]", b"{", b"}", b"=", b"\n", b"#", b"\\", b".", b",", b"\xff", b"\x00", b"1", b"'''", b'"""', b"\r", "脸".encode()]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(_example)), st.integers(0, 40), _chunks),
        min_size=1,
        max_size=6,
    )
)
def test_a_damaged_file_gives_scenes_or_declared_faults_and_nothing_else(damages):
    data = _example
    for at, cut, put in damages:
        data = data[:at] + put + data[at + cut :]
    faults = found_in(data)
    assert all(f.code.name.startswith("scene.") and f.file == "f.toml" for f in faults)
    assert all(0 <= f.line <= data.count(b"\n") + 1 for f in faults)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_give_declared_faults(data):
    with pytest.raises(BadSceneFile):
        load_scene_file(data, "f.toml")


_json = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.sampled_from(["", "face", "脸", "x" * 600])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["id", "zh", "en", "days", "method", "face"]), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip
_KEYS = ["id", "kind", "outlet", "channel", "purpose", "ways", "notice", "collects", "accepts", "face", "staff_help", "texts", "check_minutes"]  # fmt: skip


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(_KEYS), _json, min_size=1))
def test_any_value_under_any_key_gives_a_scene_or_declared_faults(values):
    base = {"id": "a", "kind": "vending.payment", "ways": ["cash"]} | values
    text = HEAD + "[scene]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in base.items())
    lines = text.count("\n") + 1
    assert all(f.code.zh and f.code.en and 0 < f.line <= lines for f in found_in(text.encode()))
