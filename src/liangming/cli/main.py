"""The commands, and the one place where failures become words and an exit status."""

from __future__ import annotations

import sys

import typer

import liangming
from liangming.cli import (
    audit,
    audit_bench,
    audit_daily,
    audit_report,
    check,
    demo,
    device,
    disclose,
    drill,
    duties,
    edge,
    edge_evaluate,
    erase,
    export,
    finding,
    keys,
    label,
    law,
    ledger,
    notice,
    packet,
    parity,
    receipt,
    rights,
    sandbox,
    scene,
    serve,
    staff,
    webhook,
    witness,
)
from liangming.cli.speech import say_error
from liangming.errors import LiangmingError, Outage

app = typer.Typer(
    name="liangming",
    help="亮明：不强制刷脸地核验身份，并能证明。 / Checks who a person is without demanding their face.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("sandbox")(sandbox.sandbox)
app.command("serve")(serve.serve)
app.command("check")(check.check)
app.command("disclose")(disclose.disclose)
app.command("erase")(erase.erase)
app.command("label")(label.label)
app.command("parity")(parity.parity)
app.add_typer(scene.app, name="scene")
app.add_typer(law.app, name="law")
app.add_typer(keys.app, name="keys")
ledger.app.command("witness")(witness.witness)
ledger.app.command("devices")(device.devices)
app.add_typer(ledger.app, name="ledger")
audit.app.command("report")(audit_report.report)
audit.app.command("watch")(audit_report.watch)
audit.app.command("daily")(audit_daily.daily)
audit.app.command("generate")(audit_bench.generate)
audit.app.command("score")(audit_bench.score)
app.add_typer(audit.app, name="audit")
app.add_typer(export.app, name="export")
app.add_typer(staff.app, name="staff")
app.add_typer(receipt.app, name="receipt")
app.add_typer(packet.app, name="packet")
app.add_typer(finding.app, name="finding")
app.add_typer(rights.app, name="rights")
app.add_typer(drill.app, name="drill")
app.add_typer(device.app, name="device")
edge.app.command("evaluate")(edge_evaluate.evaluate)
app.add_typer(edge.app, name="edge")
app.add_typer(duties.app, name="duties")
app.add_typer(webhook.app, name="webhook")
app.add_typer(notice.app, name="notice")


@app.command("version")
def version() -> None:
    """版本。 / Print the version."""
    typer.echo(f"liangming {liangming.__version__}")


def main() -> None:
    """Run, and turn declared failures into plain words: never a stack trace for a user's slip."""
    try:
        app()  # ends by itself: 0, the status of an Exit, 2 for a wrong call, 130 for Ctrl-C
    except LiangmingError as error:
        say_error(error)
        sys.exit(3 if isinstance(error, Outage) else 2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
