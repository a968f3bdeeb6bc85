"""The idempotency key is called so; its column keeps its name, so the database does nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_reasoning")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("message", "message_one_turn_a_form"),
                migrations.RenameField("message", "turn_key", "idempotency_key"),
                migrations.AlterField(
                    "message",
                    "idempotency_key",
                    models.CharField(
                        blank=True, db_column="turn_key", editable=False, max_length=64, null=True
                    ),
                ),
                migrations.AddConstraint(
                    "message",
                    models.UniqueConstraint(
                        fields=("conversation", "idempotency_key"), name="message_one_turn_a_form"
                    ),
                ),
            ]
        )
    ]
