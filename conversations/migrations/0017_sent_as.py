"""What is sent of a file was whether only its text is; now it is one of several ways."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_over_text_only(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    files = apps.get_model("conversations", "Attachment").objects.all()
    files.filter(models.Q(("is_text_only", True))).update(sent_as="text")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0016_removal_began_at")]

    operations = [
        migrations.AddField(
            "attachment",
            "sent_as",
            models.CharField(
                choices=[
                    ("whole", "Whole"),
                    ("text", "Text only"),
                    ("pages", "First pages"),
                    ("low", "Low detail"),
                ],
                default="whole",
                editable=False,
                max_length=8,
            ),
        ),
        migrations.AddField(
            "attachment", "sent_pages", models.PositiveIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "attachment",
            "sent_pages_tokens",
            models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunPython(take_over_text_only, migrations.RunPython.noop),
        migrations.RemoveField("attachment", "is_text_only"),
    ]
