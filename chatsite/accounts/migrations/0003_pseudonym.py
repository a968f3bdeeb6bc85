"""A pseudonym for everybody, and the policy's privacy notice."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import chatsite.accounts.models.users


def give_pseudonyms(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    User = apps.get_model("accounts", "User")
    users = list(User.objects.only("pk"))
    for user in users:
        user.pseudonym = chatsite.accounts.models.users.make_pseudonym()
    User.objects.bulk_update(users, ["pseudonym"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_accounts")]

    operations = [
        migrations.AddField(
            "sitepolicy",
            "privacy_notice",
            models.TextField(
                blank=True,
                help_text="Shown where people sign in and where they write: who may read conversations, and why. Plain text; empty shows nothing.",
                max_length=2000,
                verbose_name="privacy notice",
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "user", "pseudonym", models.CharField(editable=False, max_length=8, null=True)
        ),
        migrations.RunPython(give_pseudonyms, migrations.RunPython.noop),
        migrations.AlterField(
            "user",
            "pseudonym",
            models.CharField(
                default=chatsite.accounts.models.users.make_pseudonym,
                editable=False,
                max_length=8,
                unique=True,
            ),
        ),
    ]
