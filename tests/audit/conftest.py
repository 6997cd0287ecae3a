"""Engines for the tests of audits: DuckDB for each, one Spark for all."""

import os
import shutil
from collections.abc import Iterator

import pytest

from liangming.audit.engines.duck import DuckEngine
from liangming.audit.engines.spark import SparkEngine


@pytest.fixture
def duck() -> Iterator[DuckEngine]:
    engine = DuckEngine(threads=2, memory="1GB")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkEngine]:
    """One small Spark whose session lives in an odd time zone, on purpose."""
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("Java is missing: install openjdk-17-jre-headless")
        pytest.skip("Java is missing: install openjdk-17-jre-headless")
    engine = SparkEngine(
        threads=2,
        memory="512MB",
        options={
            "spark.sql.session.timeZone": "America/St_Johns",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.codegen.wholeStage": "false",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        },
    )
    yield engine
    engine.close()
