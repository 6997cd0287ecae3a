"""Apache Spark: the same expressions where one machine is not enough.

Needs Java 17 and the extra ``spark``. A cluster is named as Spark itself wants it
(``SPARK_REMOTE``, ``spark-defaults.conf``, ``spark-submit``); without one it runs here. The time
zone of the session is not used by any question, and a test sets it to something odd.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from liangming.audit.engines.duck import ENGINE_FAILED
from liangming.audit.questions.cells import cells
from liangming.audit.questions.profile import Profile
from liangming.audit.questions.words import EVENTS, event_columns, event_table, words
from liangming.errors import Kind, Misuse, Outage, declare

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SPARK_ABSENT = declare(
    "audit.spark-absent",
    Kind.INVALID,
    zh="这里没有 Spark：需要 Java 17 和 liangming[spark]；不加 --engine spark 则用 DuckDB。",
    en="There is no Spark here: it needs Java 17 and liangming[spark]; without --engine spark DuckDB"
    " is used.",
)


class SparkEngine:
    """One Spark session, started when first asked.

    Args:
        threads: local threads, where no cluster is configured; 0 for all of the machine.
        memory: memory of the driver.
        options: further options of the session.
    """

    name: Final = "spark"

    def __init__(
        self,
        *,
        threads: int = 0,
        memory: str = "3GB",
        options: dict[str, str] | None = None,
    ) -> None:
        self._threads = threads
        self._memory = memory.lower().removesuffix("b")
        self._options = options or {}
        self._session: SparkSession | None = None

    def words(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The words of some files that have the same columns."""
        return self._asked(files, profile, words(event_table(profile), profile))

    def cells(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The cells of the same files, wholly inside Spark."""
        return self._asked(files, profile, cells(words(event_table(profile), profile)))

    def close(self) -> None:
        """Stop the session."""
        if self._session is not None:
            self._session.stop()
            self._session = None

    def _asked(self, files: Sequence[Path], profile: Profile, question: ir.Table) -> pa.Table:
        session = self._start()
        from pyspark.errors import PySparkException

        try:
            events = session.read.parquet(*(_plain(file) for file in files))
            events.selectExpr(*event_columns(profile, "`")).createOrReplaceTempView(EVENTS)
            asked = ibis.pyspark.compile(question)  # naming the backend also loads its options
            answer = session.sql(asked).toArrow()
        except PySparkException:
            raise Outage(ENGINE_FAILED) from None
        return answer.cast(question.schema().to_pyarrow())

    def _start(self) -> SparkSession:
        if self._session is not None:
            return self._session
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise Misuse(SPARK_ABSENT, field="--engine") from None
        if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
            raise Misuse(SPARK_ABSENT, field="--engine")
        builder = SparkSession.builder.appName("liangming-audit")
        if "SPARK_REMOTE" not in os.environ:
            builder = builder.master(f"local[{self._threads or '*'}]")
            builder = builder.config("spark.driver.memory", self._memory)
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
            builder = builder.config("spark.driver.host", "127.0.0.1")
            builder = builder.config("spark.ui.enabled", "false")
            builder = builder.config("spark.sql.shuffle.partitions", str(self._threads or 8))
        builder = builder.config("spark.sql.execution.arrow.pyspark.enabled", "true")
        for name, value in self._options.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        self._session.sparkContext.setLogLevel("ERROR")
        return self._session


def _plain(file: Path) -> str:
    """A path that Hadoop reads as written: not as a pattern, nor with a scheme."""
    return "file://" + re.sub(r"([\\\[\]{}*?])", r"\\\1", str(file.resolve()))
