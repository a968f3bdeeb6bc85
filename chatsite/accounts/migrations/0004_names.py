"""Names are compared by their folded form, in columns of their own. Accounts that share one from
before stay as they are: the oldest gets it, the others a key that sets them apart, and sign in by
their name as it is written.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from chatsite.accounts.names import SET_APART, fold_name

BATCH = 500


def fill_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    User = apps.get_model("accounts", "User")
    taken: dict[str, set[str]] = {"username": set(), "email": {""}}
    users = list(User.objects.order_by("pk").only("username", "email"))
    for user in users:
        for name, keys in taken.items():
            key = fold_name(getattr(user, name))
            if key and key in keys:
                key += f"{SET_APART}{user.pk}"
            keys.add(key)
            setattr(user, f"{name}_key", key)
    User.objects.bulk_update(users, ["username_key", "email_key"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_pseudonym")]

    operations = [
        migrations.AlterModelManagers("user", managers=[]),
        migrations.RemoveConstraint("user", "unique_username_any_case"),
        migrations.RemoveConstraint("user", "unique_email_any_case"),
        migrations.AddField(
            "user",
            "email_key",
            models.CharField(blank=True, default="", editable=False, max_length=1000),
            preserve_default=False,
        ),
        migrations.AddField(
            "user",
            "username_key",
            models.CharField(default="", editable=False, max_length=1000),
            preserve_default=False,
        ),
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=["username_key"],
                name="unique_username_key",
                violation_error_message="A user with that username already exists.",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.UniqueConstraint(
                fields=["email_key"],
                name="unique_email_key",
                condition=models.Q(("email_key", ""), _negated=True),
                violation_error_message="A user with that email address already exists.",
            ),
        ),
    ]
