from typing import Any

from django.db import migrations

COLUMNS = {
    "person": "bytea",
    "operator": "text",
    "index_version": "int4",
    "wrapped_key": "bytea",
    "sealed": "bytea",
    "registered_at": "int8",
    "last_seen_at": "int8",
    "due_at": "int8",
    "visits": "bytea",
}

# An error that is caught is not written into the server's log, where it would name somebody's index.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION newcomers({", ".join(f"{kind}[]" for kind in COLUMNS.values())}) RETURNS int8
LANGUAGE plpgsql AS $body$
DECLARE
    made int8;
BEGIN
    INSERT INTO persons ({", ".join(COLUMNS)})
    SELECT {", ".join(f"unnest(${n})" for n in range(1, len(COLUMNS) + 1))};
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
EXCEPTION WHEN unique_violation THEN
    RETURN -1;
END
$body$
"""


def make(apps: Any, schema_editor: Any) -> None:
    """SQLite needs none: its key says which row was there."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)


def drop(apps: Any, schema_editor: Any) -> None:
    """Back to looking first."""
    del apps
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION newcomers")


class Migration(migrations.Migration):
    """On PostgreSQL: persons of whom nobody is there yet enter without a look at each; -1 where somebody is."""

    dependencies = [("storage", "0007_visits")]

    operations = [migrations.RunPython(make, drop)]
