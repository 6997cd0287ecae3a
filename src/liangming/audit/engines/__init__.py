"""Where the questions are run: DuckDB in process, or Apache Spark where one machine is too small.

Both run the same expressions (``questions``) and give the same integer in every cell. ``arrow`` is
the quick way on one machine: it counts rows without an expression, and gives the same words.

An engine reads Parquet files of canonical events and gives words; ``fold`` makes them cells.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from liangming.audit.engines.ports import Engine
from liangming.errors import Kind, Misuse, declare

ENGINES: Final = ("duckdb", "arrow", "spark")

ENGINE_UNKNOWN = declare(
    "audit.engine-unknown",
    Kind.INVALID,
    zh="没有这个引擎；可用 duckdb、arrow 或 spark。",
    en="No such engine; there are duckdb, arrow and spark.",
)

__all__ = ["ENGINES", "Engine", "open_engine"]


def open_engine(
    name: str, *, threads: int = 0, memory: str = "3GB", folder: Path | None = None
) -> Engine:
    """An engine by its name, not yet started.

    Args:
        threads: how many; 0 for all of the machine.
        memory: bound of the working memory, as DuckDB and Spark write it.
        folder: where DuckDB spills what does not fit; None for the system's place.

    Raises:
        Misuse: ``audit.engine-unknown``.
    """
    if name == "duckdb":
        from liangming.audit.engines.duck import DuckEngine

        return DuckEngine(threads=threads, memory=memory, folder=folder)
    if name == "arrow":
        from liangming.audit.engines.arrow import ArrowEngine

        return ArrowEngine()
    if name == "spark":
        from liangming.audit.engines.spark import SparkEngine

        return SparkEngine(threads=threads, memory=memory)
    raise Misuse(ENGINE_UNKNOWN, field="--engine")
