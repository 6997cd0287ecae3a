from django.db import migrations, models


class Migration(migrations.Migration):
    """The leaf key stands under a pad (check.leaf_keys): up to 37 bytes. No table changes."""

    dependencies = [("storage", "0002_docket")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("check", "leaf_key", models.BinaryField(max_length=37)),
            ]
        )
    ]
