"""One page where choices are alike, and one page for each way in which they are not."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.patience import PATIENCE

from liangming.errors import Misuse
from liangming.law import CORPUS
from liangming.parity import judge
from liangming.parity.chromium import Look, chromium, measure, opened

pytestmark = pytest.mark.browser

EQUAL = (Path(__file__).parent / "equal.html").read_text("utf-8")
FACE = '<li><button class="way" name="way" value="face">本机刷脸取<span>须另行同意，人脸不离开本机</span></button></li>'
CODE = '<li><button class="way" name="way" value="code">输入取件码<span>用收到的取件码，不用说姓名</span></button></li>'
STAFF = '<li><button class="way" name="way" value="staff">请人工协助<span>工作人员当面办理，价格不变</span></button></li>'
NAMED = 'value="face"'


def styled(rule: str) -> str:
    return EQUAL.replace("</style>", f"[value=face] {{ {rule} }}\n</style>")


PLANTED = {
    "face-first": EQUAL.replace(FACE, "").replace("<ul>", f"<ul>{FACE}"),
    "box": styled("min-height: 120px"),
    "type": styled("font-weight: 900; letter-spacing: 0.5px"),
    "colour": styled("background: #07c160; color: #000"),
    "colour-by-shadow": styled("box-shadow: 0 0 0 3px #07c160"),
    "colour-by-motion": EQUAL.replace(
        "</style>",
        "@keyframes beat { to { opacity: .9 } } [value=face] { animation: beat 1s infinite }</style>",
    ),
    "contrast": EQUAL.replace("</style>", "[value=code], [value=staff] { color: #999 }</style>"),
    "icon": EQUAL.replace(
        "本机刷脸取", '<svg width="24" height="24"><circle r="9" cx="12" cy="12"/></svg>本机刷脸取'
    ).replace("</style>", "svg { position: absolute }</style>"),
    "wording": EQUAL.replace("用收到的取件码，不用说姓名", "用码"),
    "selected": EQUAL.replace(NAMED, f"{NAMED} autofocus"),
    "bait": EQUAL.replace("须另行同意，人脸不离开本机", "推荐，最快一秒，随机可免单"),
    "bait-beside": EQUAL.replace("<ul>", "<p>刷脸更快更安全，立减两元</p><ul>"),
    "unusable": EQUAL.replace('value="staff"', 'value="staff" disabled').replace(
        "</style>", ".way:disabled { color: #222 }</style>"
    ),
    "camera": EQUAL.replace(
        "</main>",
        "</main><script>navigator.mediaDevices && navigator.mediaDevices.getUserMedia({video: true}).catch(() => 0)</script>",
    ),
    "face-only": EQUAL.replace(CODE, "").replace(STAFF, ""),
    "another-tap": EQUAL.replace(CODE, "").replace(
        STAFF, STAFF.replace("请人工协助", "换一种方式").replace("工作人员当面办理，价格不变", "打开下一页，价格都不变的")
    ),
    "no-missing": EQUAL.replace(CODE, "")
    .replace(STAFF, "")
    .replace("本机刷脸取", "同意刷脸取"),
}  # fmt: skip
ALSO = {
    # Some faults cannot be planted alone: what goes with them, and why.
    "contrast": {"colour"},  # a fainter colour is another colour
    "colour": {"contrast"},  # and black on green is stronger than grey
    "another-tap": {"face-first"},
    "no-missing": {"face-only"},
    "face-only": set(),
}


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0].strip("/")
            page = {"equal": EQUAL, "empty": "<p>今天休息</p>", **PLANTED, **OTHERS}.get(name)
            body = (page or "").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE)


@pytest.fixture(scope="module")
def look(served: str) -> Iterator[Any]:
    with chromium() as browser:

        def at(name: str, **how: Any) -> Any:
            select = how.pop("select", "")
            with opened(browser, f"{served}/{name}", Look(**how)) as page:
                return measure(page, select=select)

        yield at


def codes(measured: Any) -> list[str]:
    return [finding.code for finding in judge(measured)]


@pytest.mark.parametrize("size", ["phone", "desktop", "kiosk"])
def test_a_page_with_equal_choices_has_no_findings(look, size):
    measured = look("equal", size=size)
    assert [o.kind for o in measured.options] == ["way", "way", "face"]
    assert codes(measured) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_planted_is_found_alone_and_where_it_is(look, planted):
    code = planted.partition("-by")[0].removesuffix("-beside")
    findings = judge(look(planted))
    found = {finding.code for finding in findings}
    assert code in found
    assert found - {code} <= ALSO.get(code, set())
    [finding] = [f for f in findings if f.code == code]
    assert finding.citations
    assert set(finding.citations) <= set(CORPUS.articles)
    if code not in {"camera", "bait"}:
        assert finding.options


OTHERS = {
    # Pages as others make them: no buttons, radio labels, links at the bottom.
    "divs": """<style>.item{cursor:pointer;height:60px;border:1px solid #333;margin:8px}</style>
<div id="app"><div class="list"><div class="item">身份证件核验一下</div><div class="item">使用人脸识别核验</div>
<div class="item">输入短信验证码吧</div></div></div>""",
    "radios": """<main><form><label><input type="radio" name="w" value="id">出示身份证件来办理</label>
<label><input type="radio" name="w" value="face" checked>使用人脸识别来办理</label></form></main>""",
    "consent": """<main><h1>人脸识别授权</h1><button style="width:300px;height:60px;background:#07c160;color:#000">同意并开始刷脸</button>
<p><a href="/x" style="font-size:11px;color:#bbb">暂不使用</a></p></main>""",
    "no-face": """<main><button style="width:200px">现金付款方式</button><button style="width:300px">银行卡来付款</button></main>""",
    "framed": EQUAL.replace("</main>", "</main><iframe srcdoc='x'></iframe>"),
}


def test_choices_without_buttons_are_found(look):
    measured = look("divs")
    assert [o.kind for o in measured.options] == ["way", "face", "way"]
    assert codes(measured) == []


def test_a_radio_that_is_checked_is_selected(look):
    assert "selected" in codes(look("radios"))


def test_a_small_grey_no_is_not_at_the_same_level(look):
    measured = look("consent")
    assert [o.kind for o in measured.options] == ["yes", "no"]
    assert {"face-first", "box", "type", "colour", "contrast", "wording"} <= set(codes(measured))


def test_without_a_face_a_difference_is_told_without_an_article(look):
    findings = judge(look("no-face"))
    assert {f.code for f in findings} == {"box"}
    assert [f.citations for f in findings] == [()]


def test_what_is_not_looked_into_is_said(look):
    assert look("framed").unseen == ("frame",)


def test_a_page_without_choices_is_undetermined_and_not_equal(look):
    with pytest.raises(Misuse, match=r"parity\.nothing-found"):
        look("empty")
    for wrong in ("][", ".nothing"):
        with pytest.raises(Misuse, match=r"parity\.selector-unfit"):
            look("equal", select=wrong)


def test_named_choices_are_measured_as_named(look):
    measured = look("equal", select=".way")
    assert [o.text[:5] for o in measured.options] == ["输入取件码", "请人工协助", "本机刷脸取"]


def test_the_command_prints_articles_marks_a_picture_and_says_no_by_its_status(served, tmp_path):
    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "liangming", "parity", *words],
            capture_output=True,
            check=False,
            timeout=90,
        )

    picture = tmp_path / "marked.png"
    bad = run(f"{served}/box?who=13800138000", "--picture", str(picture))
    assert bad.returncode == 1, bad.stderr
    text = bad.stdout.decode()
    assert "人脸识别技术应用安全管理办法》第十二条" in text
    assert "grade B" in text
    assert "13800138000" not in text
    assert picture.read_bytes().startswith(b"\x89PNG")
    good = run(f"{served}/equal", "--json", "--size", "phone", "--size", "kiosk")
    assert good.returncode == 0
    reports = json.loads(good.stdout)
    assert [(r["size"], len(r["options"]), r["findings"]) for r in reports] == [
        ("phone", 3, []),
        ("kiosk", 3, []),
    ]
    for words, status, code in (
        ((f"{served}/empty",), 2, b"parity.nothing-found"),
        ((f"{served}/absent",), 3, b"parity.page-unreachable"),
        (("file:///etc/hostname",), 2, b"http"),
        ((f"{served}/equal", "--chromium", "/nowhere"), 3, b"parity.browser-missing"),
    ):
        done = run(*words)
        assert (done.returncode, code in done.stderr) == (status, True), done.stderr
        assert b"Traceback" not in done.stderr
