"""Who was active on a day is read from the index alone; what is known of replies so far is counted."""

from django.db import migrations, models

USAGE = """
INSERT INTO review_change (kind, conversation_id, message_id)
SELECT 'usage', conversation_id, id FROM conversations_message
WHERE status NOT IN ('pending', 'streaming') AND prompt_tokens IS NOT NULL ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("review", "0002_indexes")]

    operations = [
        migrations.RemoveIndex(model_name="userday", name="user_day_by_day"),
        migrations.AddIndex(
            model_name="userday",
            index=models.Index(fields=["day", "user", "model"], name="user_day_by_day"),
        ),
        migrations.RunSQL(USAGE, migrations.RunSQL.noop),
    ]
