from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import migrations, models

from liangming.storage.visits import number

BLOCK = 512  # numbers in one row
STEP = 1_000  # rows in one statement
TOLD = 200_000  # checks between two lines about how far it is

# Read from left to right and sorted once: by the old index each check would be a page of its own.
READ = "SELECT person, id FROM checks {} WHERE person IS NOT NULL ORDER BY person, id"


def overwrite(apps: Any, schema_editor: Any) -> None:
    """The pages of an index that goes hold keys of persons: SQLite writes zeros over them."""
    del apps
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("PRAGMA secure_delete = ON")


def leave_room(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL a person who comes again is changed in place where their page has room."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE persons SET (fillfactor = 85)")


def fill(apps: Any, schema_editor: Any) -> None:
    """Every check of a person enters the list of that person, in the order of the table's key."""
    del apps
    connection = schema_editor.connection
    hint = "NOT INDEXED" if connection.vendor == "sqlite" else ""
    with connection.cursor() as write, connection.chunked_cursor() as read:
        write.execute("SELECT count(*) FROM checks WHERE person IS NOT NULL")
        total = write.fetchone()[0]
        read.execute(READ.format(hint))
        rows = _blocks(_told(read, total))
        while some := list(islice(rows, STEP)):
            write.executemany(
                "INSERT INTO visits (person, first, numbers) VALUES (%s, %s, %s)", some
            )


def _blocks(rows: Iterator[Any]) -> Iterator[tuple[bytes, bytes, bytes]]:
    for person, theirs in groupby(rows, key=itemgetter(0)):
        numbers = (number(check) for _, check in theirs)
        while block := list(islice(numbers, BLOCK)):
            yield bytes(person), block[0], b"".join(block)


def _told(read: Any, total: int) -> Iterator[Any]:
    """Rows as they come; whoever started this process reads the lines (storage.schema)."""
    done = 0
    while some := read.fetchmany(10_000):
        yield from some
        done += len(some)
        if done % TOLD == 0:
            print(done, total, flush=True)


class Migration(migrations.Migration):
    """A person's row holds the numbers of their checks, and its index moves only when it is looked at.

    One transaction. No row of persons or checks is written again: what they hold is read as before.
    """

    dependencies = [("storage", "0006_patterns")]

    operations = [
        migrations.RunPython(overwrite, migrations.RunPython.noop),
        migrations.RemoveIndex("person", "persons_keep_until"),
        migrations.RenameField("person", "keep_until", "due_at"),
        migrations.AddIndex("person", models.Index(fields=["due_at"], name="persons_due_at")),
        migrations.AddField("person", "keep_until", models.BigIntegerField(null=True)),
        migrations.AddField("person", "visits", models.BinaryField(null=True)),
        migrations.CreateModel(
            name="Visits",
            fields=[
                ("pk", models.CompositePrimaryKey("person", "first", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person", models.BinaryField(max_length=16)),
                ("first", models.BinaryField(max_length=16)),
                ("numbers", models.BinaryField()),
            ],
            options={"db_table": "visits"},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex("check", "checks_person"),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
