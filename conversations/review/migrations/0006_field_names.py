"""A rule that is being deleted says so; its column keeps its name, so the database does nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0005_disclosures")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("rule", "is_going", "is_pending_deletion"),
                migrations.AlterField(
                    "rule",
                    "is_pending_deletion",
                    models.BooleanField(db_column="is_going", default=False, editable=False),
                ),
            ]
        )
    ]
