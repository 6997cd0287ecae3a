from django.db import migrations, models


def forget_plain(apps, schema_editor):
    """Destroy keys that stood plain: their leaves stay provable and open no more."""
    empty = "x''" if schema_editor.connection.vendor == "sqlite" else "''::bytea"
    schema_editor.execute(f"UPDATE records SET leaf_key = {empty} WHERE length(leaf_key) = 32")


class Migration(migrations.Migration):
    """The leaf key of a record stands under a pad (docket.leaf_keys): up to 63 bytes."""

    dependencies = [("storage", "0003_leaf_key_kept")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("record", "leaf_key", models.BinaryField(max_length=63)),
            ]
        ),
        migrations.RunPython(forget_plain, migrations.RunPython.noop),
    ]
