"""The findings as a table: Parquet for machines, CSV for a spreadsheet (``docs/spec/findings.md``)."""

from __future__ import annotations

import csv
import io
from typing import Final

import numpy as np
import pyarrow as pa

from liangming.audit.channels import ARTICLES
from liangming.audit.channels import rows as unequal_rows
from liangming.audit.questions.findings import FINDINGS
from liangming.audit.report.content import Content
from liangming.audit.schema import BANDS, CHANNELS, FINDING_CODES, SCENE_KINDS, WAYS
from liangming.audit.statistics.judging import Flag
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.words import ASKED, since
from liangming.audit.summary import articles
from liangming.law import CORPUS

FINDINGS_VERSION: Final = 1
SCHEMA: Final = pa.schema(
    [
        ("version", pa.int32()), ("standing", pa.string()), ("question", pa.string()),
        ("operator", pa.string()), ("outlet", pa.string()), ("clerk", pa.string()),
        ("way", pa.string()), ("finding", pa.string()), ("scene_kind", pa.string()), ("channel", pa.string()),
        ("province", pa.int32()), ("since_day", pa.int32()), ("seen", pa.float64()),
        ("usual", pa.float64()), ("low", pa.float64()), ("k", pa.int64()), ("n", pa.int64()),
        ("p", pa.float64()), ("q", pa.float64()), ("articles", pa.string()),
        ("hours", pa.string()),
    ]
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def table(content: Content) -> pa.Table:
    """Every flag, lead, whole scene and difference between channels, a row each."""
    rows = [_row(content.here, flag, "stands-out") for flag in content.judged.flags]
    rows += [_row(content.here, flag, f"lead-{why}") for flag, why in content.judged.leads]
    for scene in content.judged.scenes:
        rows.append(
            {
                "version": FINDINGS_VERSION, "standing": "whole-scene",
                "question": scene.question, "operator": scene.operator,
                "scene_kind": SCENE_KINDS[scene.scene_kind], "channel": CHANNELS[scene.channel],
                "seen": scene.seen, "usual": scene.limit, "low": scene.low, "n": scene.outlets,
                "articles": _articles(scene.question),
            }
        )  # fmt: skip
    cited = " ".join(f"{name}:{CORPUS.articles[name].grade.value}" for name in ARTICLES)
    for difference in unequal_rows(content.channels):
        rows.append({"version": FINDINGS_VERSION, "articles": cited, **difference})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


SHOWN: Final = pa.schema(
    [
        ("version", pa.int32()), ("finding", pa.string()), ("number", pa.string()),
        ("operator", pa.string()), ("outlet", pa.string()), ("scene_kind", pa.string()),
        ("channel", pa.string()), ("province", pa.int32()), ("shown", pa.int64()),
        ("tested", pa.int64()), ("articles", pa.string()),
    ]
)  # fmt: skip


def shown(content: Content) -> pa.Table:
    """Each hard finding at each place whose rows show it, however often."""
    here, parts = content.here, []
    for one in FINDINGS:
        times = here.get(one.code)
        at = np.flatnonzero(times > 0)
        same = [one.code, one.number, " ".join(f"{a.id}:{a.grade.value}" for a in articles(one))]
        code, number, cited = (pa.array([text]).take(pa.array(at * 0)) for text in same)
        columns = [
            pa.array(np.full(len(at), FINDINGS_VERSION, np.int32)), code, number,
            pa.array([here.operator[i] for i in at], pa.string()),
            pa.array([here.outlet[i] for i in at], pa.string()),
            pa.array([SCENE_KINDS[i] for i in here.scene_kind[at]], pa.string()),
            pa.array([CHANNELS[i] for i in here.channel[at]], pa.string()),
            pa.array(here.province[at].astype(np.int32)), pa.array(times[at]),
            pa.array(here.get(f"{one.code}_tested")[at]), cited,
        ]  # fmt: skip
        parts.append(pa.Table.from_arrays(columns, schema=SHOWN))
    return pa.concat_tables(parts)


def as_csv(found: pa.Table) -> str:
    """The same for a spreadsheet; a text that would be run as a formula gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(found.column_names)
    for row in found.to_pylist():
        writer.writerow([_plain(value) for value in row.values()])
    return out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _row(here: Places, flag: Flag, standing: str) -> dict[str, object]:
    seen = flag.extra["ratio"] if "ratio" in flag.extra else flag.k / max(flag.n, 1)
    return {
        "version": FINDINGS_VERSION,
        "standing": standing,
        "question": flag.question,
        "operator": here.operator[flag.place],
        "outlet": here.outlet[flag.place],
        "clerk": here.clerk[flag.part] if flag.question == "clerk" else None,
        "way": WAYS[flag.part] if flag.question in ("broken", "closed") else None,
        "finding": FINDING_CODES[flag.part] if flag.question == "repeated" else None,
        "scene_kind": SCENE_KINDS[int(here.scene_kind[flag.place])],
        "channel": CHANNELS[int(here.channel[flag.place])],
        "province": int(here.province[flag.place]),
        "since_day": since(flag, here) if flag.question == "sudden" else None,
        "seen": seen,
        "usual": flag.usual,
        "low": flag.low,
        "k": flag.k,
        "n": flag.n,
        "p": flag.p,
        "q": flag.q,
        "articles": _articles(flag.question),
        "hours": BANDS[flag.part] if flag.question == "hours" else None,
    }


def _articles(question: str) -> str:
    return " ".join(
        f"{name}:{CORPUS.articles[name].grade.value}" for name in ASKED[question].articles
    )
