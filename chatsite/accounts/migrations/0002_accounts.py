"""One name in place of two; roles as groups; policy, invitations, limits and usage."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def join_names(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for user in apps.get_model("accounts", "User").objects.all():
        user.name = f"{user.first_name} {user.last_name}".strip()[:150]
        if user.name:
            user.save(update_fields=["name"])


def give_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Each account that there is gets the role that fits what it could do until now; what a role may
    do follows once everything is migrated (`accounts/roles.py`).
    """
    groups = apps.get_model("auth", "Group").objects
    user, reviewer, administrator = (
        groups.get_or_create(name=name)[0] for name in ("user", "reviewer", "administrator")
    )
    for account in apps.get_model("accounts", "User").objects.all():
        staff = reviewer if account.is_staff else user
        account.groups.add(administrator if account.is_superuser else staff)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "uses_allowed",
                    models.PositiveIntegerField(default=1, verbose_name="uses allowed"),
                ),
                (
                    "uses",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="used"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("user", "User"),
                            ("reviewer", "Reviewer"),
                            ("administrator", "Administrator"),
                        ],
                        default="user",
                        max_length=16,
                        verbose_name="role",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="revoked"
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "messages_per_minute",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="messages a minute"
                    ),
                ),
                (
                    "tokens_per_day",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="tokens a day"
                    ),
                ),
                (
                    "usd_per_month",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="US dollars a month",
                    ),
                ),
            ],
            options={
                "verbose_name": "limit",
                "verbose_name_plural": "limits",
            },
        ),
        migrations.CreateModel(
            name="RecentMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SitePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sign_up",
                    models.CharField(
                        choices=[
                            ("closed", "Closed: administrators make accounts"),
                            ("invitation", "By invitation"),
                            ("domains", "Open for the email domains listed below"),
                            ("open", "Open for everybody"),
                        ],
                        default="invitation",
                        max_length=16,
                        verbose_name="sign-up",
                    ),
                ),
                (
                    "sign_up_domains",
                    models.TextField(
                        blank=True,
                        help_text="One a line, such as example.com. Subdomains are not included.",
                        verbose_name="email domains",
                    ),
                ),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody has to; everybody may"),
                            ("staff", "Reviewers and administrators"),
                            ("everybody", "Everybody"),
                        ],
                        default="nobody",
                        help_text="Who has none is led to set one up at their next page; so are you.",
                        max_length=16,
                        verbose_name="second factor required of",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policy",
            },
        ),
        migrations.CreateModel(
            name="UsageDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="messages")),
                (
                    "prompt_tokens",
                    models.PositiveBigIntegerField(default=0, verbose_name="prompt tokens"),
                ),
                (
                    "completion_tokens",
                    models.PositiveBigIntegerField(default=0, verbose_name="completion tokens"),
                ),
                (
                    "cost_usd",
                    models.DecimalField(
                        decimal_places=8,
                        default=0,
                        max_digits=14,
                        verbose_name="cost in US dollars",
                    ),
                ),
            ],
            options={
                "verbose_name": "usage",
                "verbose_name_plural": "usage",
                "ordering": ["-day"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="unique_email_any_case",
        ),
        migrations.AddField(
            model_name="user",
            name="access_version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="user",
            name="break_glass",
            field=models.BooleanField(
                default=False,
                help_text="May sign in with a password even when passwords are turned off.",
                verbose_name="break-glass administrator",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="name",
            field=models.CharField(blank=True, max_length=150, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="user",
            name="time_zone_is_chosen",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="email address"),
        ),
        migrations.AddField(
            model_name="invitation",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="invited by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="auth.group",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="invitation",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="users",
                to="accounts.invitation",
                verbose_name="invitation",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="unique_email_any_case",
                violation_error_message="A user with that email address already exists.",
            ),
        ),
        migrations.AddField(
            model_name="limit",
            name="group",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="limit",
                to="auth.group",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="limit",
            name="user",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="limit",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="recentmessage",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="sitepolicy",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="policy_one_row"),
        ),
        migrations.AddField(
            model_name="usageday",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="usage",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(join_names, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="user",
            name="first_name",
        ),
        migrations.RemoveField(
            model_name="user",
            name="last_name",
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("uses__lte", models.F("uses_allowed"))),
                name="invitation_not_overused",
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", None), ("group", None), _connector="OR"),
                name="limit_of_user_or_group",
                violation_error_message="A limit is a user’s or a group’s, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="limit",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("group", None), ("user", None)),
                name="limit_one_default",
                violation_error_message="There is a default already; change that one.",
            ),
        ),
        migrations.AddIndex(
            model_name="recentmessage",
            index=models.Index(fields=["user", "sent_at"], name="recent_message_of_user"),
        ),
        migrations.AddIndex(
            model_name="usageday",
            index=models.Index(fields=["day"], name="usage_of_everybody"),
        ),
        migrations.AddConstraint(
            model_name="usageday",
            constraint=models.UniqueConstraint(fields=("user", "day"), name="usage_one_row_a_day"),
        ),
        migrations.AddConstraint(
            model_name="usageday",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user", None)),
                fields=("day",),
                name="usage_one_anonymous_row_a_day",
            ),
        ),
        migrations.RunPython(give_roles, migrations.RunPython.noop),
    ]
