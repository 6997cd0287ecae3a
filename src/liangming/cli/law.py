"""``liangming law``: what the law says here, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock, china_date
from liangming.errors import Kind, Misuse, declare
from liangming.law import CORPUS, coverage
from liangming.law.words import Question
from liangming.rules import Allowed, Rank, Refused, Undetermined, Verdict, decide
from liangming.rules.terms import FactValue

app = typer.Typer(help="可执行的法规。 / The law, executable.", no_args_is_help=True)

NO_SUCH_TEXT = declare(
    "cli.no-such-text",
    Kind.ABSENT,
    zh="没有这个法规、条文或规则。可用 liangming law list 查看。",
    en="No such instrument, article or rule; see liangming law list.",
)
FACT_UNREADABLE = declare(
    "cli.fact-unreadable",
    Kind.INVALID,
    zh="事实写成 名称=值，例如 letter=true；名称见 liangming law facts。",
    en="A fact is written name=value, e.g. letter=true; see liangming law facts for names.",
)
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """列出全部法规及其位阶。 / List every instrument with its rank."""
    if as_json:
        print_json(
            [
                {
                    "id": i.id,
                    "zh": i.zh,
                    "en": i.en,
                    "rank": i.rank.value,
                    "number": i.number,
                    "from": i.force.start.isoformat(),
                    "until": i.force.end.isoformat() if i.force.end else None,
                }
                for i in CORPUS.instruments.values()
            ]
        )
        return
    table = Table("编号", "名称", "位阶", "施行", "条文", "规则", box=None, pad_edge=False)
    for instrument in CORPUS.instruments.values():
        articles = [a for a in CORPUS.articles.values() if a.instrument == instrument.id]
        rank = instrument.rank.value
        if instrument.rank is Rank.STANDARD:
            rank += "（推荐性标准，不是法律）"
        force = instrument.force.start.isoformat()
        if instrument.force.end:
            force += f" – {instrument.force.end.isoformat()}"
        table.add_row(
            instrument.id,
            instrument.zh,
            rank,
            force,
            str(len(articles)),
            str(sum(len(a.rules) for a in articles)),
        )
    out.print(table)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="法规、条文或规则编号 / an id such as courier.23")],
) -> None:
    """看一条：意译、效力、等级、如何落实。 / Show a text: paraphrase, force, grade, how it is held."""
    if name in CORPUS.instruments:
        instrument = CORPUS.instruments[name]
        out.print(f"《{instrument.zh}》{instrument.number}\n{instrument.en}", markup=False)
        out.print(instrument.address, style="dim", markup=False)
        for article in CORPUS.articles.values():
            if article.instrument == name:
                out.print(f"{article.id}  {article.number}  {article.zh}", markup=False)
        return
    if name not in CORPUS.articles and name not in CORPUS.rules:
        raise Misuse(NO_SUCH_TEXT)
    out.print(coverage.explain(name, CORPUS, "zh"), markup=False)
    out.print(coverage.explain(name, CORPUS, "en"), style="dim", markup=False)


@app.command("coverage")
def coverage_() -> None:
    """每一条如何落实。 / How every article is held."""
    table = Table("条文", "等级", "落实方式", "规则", box=None, pad_edge=False)
    for article in CORPUS.articles.values():
        table.add_row(
            article.id,
            article.grade.value,
            "、".join(held.value for held in article.held),
            str(len(article.rules)),
        )
    out.print(table)
    held = sum(1 for a in CORPUS.articles.values() if a.rules)
    err.print(
        f"{len(CORPUS.articles)} 条 articles，{len(CORPUS.rules)} 条规则 rules，"
        f"{held} 条有可执行规则 articles with rules，{len(CORPUS.values)} 个数值 dated values"
    )


@app.command("facts")
def facts() -> None:
    """规则可以使用的事实。 / The facts that rules may name."""
    table = Table("名称", "类型", "含义", box=None, pad_edge=False)
    for fact in CORPUS.vocabulary:
        table.add_row(fact.name, fact.type.__name__, f"{fact.zh} / {fact.en}")
    out.print(table)


@app.command("explain")
def explain(
    question: Annotated[Question, typer.Argument(help="问题 / the question")],
    given: Annotated[list[str] | None, typer.Argument(help="事实 name=value / facts")] = None,
    on: Annotated[str, typer.Option(help="日期 / day, YYYY-MM-DD")] = "",
    trace: Annotated[bool, typer.Option(help="列出每条规则 / every rule's outcome")] = False,
) -> None:
    """问一个问题，得到结论、理由与条文。 / Ask a question; get the verdict with its reasons."""
    day = _day(on)
    known = dict(_fact(text) for text in given or ())
    verdict = decide(CORPUS, question.value, CORPUS.vocabulary.checked(known), on=day)
    for line in told(verdict):
        out.print(line, markup=False)
    if trace:
        for step in verdict.trace:
            out.print(f"  {step.outcome.value:10} {step.rule}", style="dim", markup=False)
    raise typer.Exit(0 if isinstance(verdict, Allowed) else 1)


def told(verdict: Verdict) -> list[str]:
    """A verdict in words."""
    match verdict:
        case Allowed():
            lines = [f"允许 allowed：依据 grounds {', '.join(verdict.grounds)}"]
            lines += [f"  要求 demand {slot} = {value}" for slot, value in verdict.demands.items()]
            lines += [f"  {CORPUS.rules[rule].zh}（{rule}）" for rule in verdict.rules]
        case Refused():
            lines = ["不允许 refused："]
            for finding in verdict.findings:
                lines.append(f"  {finding.zh}（{finding.reason}；{'、'.join(finding.citations)}）")
                if finding.mend_zh:
                    lines.append(f"    改法：{finding.mend_zh}")
        case Undetermined():
            lines = [f"无法判定 undetermined：{verdict.reason}"]
            lines += [
                f"  缺少 missing：{CORPUS.vocabulary[name].zh}（{name}）"
                for name in verdict.missing
            ]
    return lines


def _day(text: str) -> date:
    if not text:
        return china_date(SystemClock().now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(FACT_UNREADABLE, field="--on") from None


def _fact(text: str) -> tuple[str, FactValue]:
    name, equals, value = text.partition("=")
    known = {fact.name: fact for fact in CORPUS.vocabulary}
    if not equals or name not in known:
        raise Misuse(FACT_UNREADABLE)
    fact = known[name]
    if fact.type is bool and value in ("true", "false"):
        return name, value == "true"
    if fact.type is int and value.lstrip("-").isdecimal():
        return name, int(value)
    if fact.type is str:
        return name, value
    raise Misuse(FACT_UNREADABLE, field=name)
