"""What a run of an audit says: what counted, what did not and why, what rows show, what they cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table

from liangming.cli.speech import err, out, say_error

if TYPE_CHECKING:
    from liangming.audit.run import Ran
    from liangming.audit.summary import Told
    from liangming.cli.event_files import EventFiles

SHOWN_FAULTS: Final = 20
SHOWN_UNREAD: Final = 20
"""Files named for one reason; `--json` and the report name more."""


def nothing_fits(ran: Ran) -> bool:
    """Whether rows were read and none of them could count; those that counted before did."""
    from liangming.audit.ingest.repeats import COUNTED_BEFORE

    left = {reason for line in ran.units for reason in line.left_out} - {COUNTED_BEFORE}
    return bool(left) and not any(line.counted for line in ran.units)


def say(ran: Ran, answers: list[Told], found: EventFiles) -> None:
    """Tell what a run counted and did not, and what it can answer."""
    from liangming.audit.report.texts import LEFT_OUT

    rows = sum(line.counted for line in ran.units)
    out.print(f"计入 counted: {rows} 次查验 checks，{len(ran.units)} 批 units", markup=False)
    reasons: dict[str, int] = {}
    for line in ran.units:
        for reason, number in line.left_out.items():
            reasons[reason] = reasons.get(reason, 0) + number
    for reason, number in sorted(reasons.items()):
        zh, en = LEFT_OUT[reason]
        out.print(f"未计入 left out: {number} 行 rows，{reason}（{zh} · {en}）", markup=False)
    _say_beside(ran, found)
    for name in ran.before:
        out.print(f"以前计过 counted before: {name}", markup=False)
    for fault in ran.faults[:SHOWN_FAULTS]:
        what = "该行不计 row left out" if fault.leaves_out else "该值视为未知 value not known"
        first = ", ".join(map(str, fault.first))
        err.print(
            f"{fault.file} {fault.column}: {fault.reason}，{fault.rows} 行 rows"
            f"（第 {first} 行…）{what}",
            markup=False,
        )
    if len(ran.faults) > SHOWN_FAULTS:
        err.print(f"… 另有 and {len(ran.faults) - SHOWN_FAULTS} more")
    _say_findings(answers)
    _say_unread(ran)


def _say_unread(ran: Ran) -> None:
    """Which files were not read, and why; of many for one reason the first."""
    said: dict[str, int] = {}
    for name, failure in ran.unreadable:
        code = failure.code.name
        said[code] = said.get(code, 0) + 1
        if said[code] <= SHOWN_UNREAD:
            err.print(f"未读 not read: {name}", markup=False)
            say_error(failure)
    for code, many in said.items():
        if many > SHOWN_UNREAD:
            err.print(
                f"… 另有 {many - SHOWN_UNREAD} 个文件，原因相同 and as many more for the same reason: {code}",
                markup=False,
            )


def _say_findings(answers: list[Told]) -> None:
    """What rows show, each in both languages; then what no row can tell, by what is lacking."""
    tested = [one for one in answers if one.tested]
    if not tested:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("问题 finding", overflow="fold")
    table.add_column("显示 shown", justify="right")
    table.add_column("检验 tested", justify="right")
    for one in tested:
        said = f"{one.finding.code} {one.finding.zh}\n{one.finding.en}"
        table.add_row(said, str(one.shown), str(one.tested))
    out.print(table)
    lacking: dict[str, list[str]] = {}
    for one in answers:
        if not one.tested:
            why = f"没有这些列 columns are missing: {', '.join(one.missing)}"
            lacking.setdefault(why if one.missing else "没有一行写明 no row says it", []).append(
                one.finding.code
            )
    if lacking:
        out.print(
            "不可检验 not testable（不等于没有问题；编号的意思 not the same as clean; what they ask:"
            " liangming audit findings）",
            markup=False,
        )
    for why, codes in sorted(lacking.items()):
        out.print(f"  {why} — {', '.join(codes)}", markup=False)


def _say_beside(ran: Ran, found: EventFiles) -> None:
    """What no row says: days that were counted before, files and folders that were not read."""
    if ran.again:
        err.print(
            f"有 {len(ran.again)} 天以前已从别的文件计过，这次是补充；同编号的不再计入。\n"
            f"{len(ran.again)} days had been counted from other files before; this adds to them, and numbers"
            " that were counted do not count again.",
            markup=False,
        )
    if ran.blind:
        err.print(
            f"其中 {len(ran.blind)} 天看不全是否重复（有的行没有编号，或者编号没有留下）；若是同样的查验，就计了两次。\n"
            f"Of {len(ran.blind)} of them it cannot be told wholly what came again (rows without a number, or"
            " numbers that were not kept); the same checks would count twice.",
            markup=False,
        )
    if ran.unnumbered:
        err.print(
            f"{ran.unnumbered} 行没有编号，以后重复出现也认不出 / {ran.unnumbered} rows have no number;"
            " if they come again, it cannot be seen",
            markup=False,
        )
    if ran.noticed:
        err.print(
            f"约 {ran.noticed} 行的编号在别的日子或者很久以前出现过，仍然计入：编号若每天从头开始就没有问题，否则就重复了。\n"
            f"About {ran.noticed} rows carry numbers that were counted on other days, or long ago, and count:"
            " right where numbers begin anew each day, twice otherwise.",
            markup=False,
        )
    if found.other:
        err.print(
            f"目录里另有 {found.other} 个文件不是事件文件，没有看 / {found.other} other files in the"
            " folders were not looked at",
            markup=False,
        )
    if found.own:
        err.print(
            f"目录里另有 {found.own} 个文件是审计自己的结果，没有看 / {found.own} files in the folders are an"
            " audit's own results and were not looked at",
            markup=False,
        )
    for name in found.linked:
        err.print(
            f"链接到别处的目录，没有跟进；里面若有事件，请直接写它的路径 / a link to a folder, not followed; if it"
            f" holds events, please name its path: {name}",
            markup=False,
        )
    for name in found.closed:
        err.print(f"目录打不开，没有看 / folder not looked into: {name}", markup=False)
