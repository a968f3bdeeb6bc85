"""Everything that review keeps."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import conversations.review.models.grams


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("conversations", "0003_feedback"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cleaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.PositiveBigIntegerField(default=0)),
                ("done", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MessageDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="MessageDocument",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="conversations.message",
                    ),
                ),
                ("folded", models.TextField()),
                ("grams", conversations.review.models.grams.GramsField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("words", "Words"),
                            ("pattern", "Regular expression"),
                            ("cost", "Cost of a reply over (US dollars)"),
                            ("length", "Length over (characters)"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="words or expression"
                    ),
                ),
                (
                    "threshold",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=14,
                        null=True,
                        verbose_name="threshold",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Users and the assistant"),
                            ("user", "Users"),
                            ("assistant", "The assistant"),
                        ],
                        default="",
                        max_length=9,
                        verbose_name="messages of",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="flags new messages")),
                (
                    "fault",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="fault"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("is_going", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "rule",
                "verbose_name_plural": "rules",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("actor", models.CharField(max_length=8, verbose_name="who")),
                ("subject", models.CharField(blank=True, max_length=8, verbose_name="whose")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transcript", "Opened a transcript"),
                            ("search", "Searched"),
                            ("export", "Exported conversations"),
                            ("trial", "Tried a rule on past messages"),
                            ("hold", "Placed a legal hold"),
                            ("release", "Released a legal hold"),
                            ("log", "Exported the access log"),
                            ("figures", "Exported figures"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("conversation", models.UUIDField(null=True, verbose_name="conversation")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="from where")),
                (
                    "terms",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="search terms, hashed"
                    ),
                ),
                ("details", models.JSONField(default=dict, verbose_name="details")),
            ],
            options={
                "verbose_name": "access",
                "verbose_name_plural": "access log",
                "ordering": ["-id"],
                "permissions": [("export_access_log", "Can export the access log")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["actor", "-id"], name="access_by"),
                    models.Index(fields=["subject", "-id"], name="access_to"),
                    models.Index(fields=["conversation", "-id"], name="access_to_conversation"),
                    models.Index(fields=["kind", "-id"], name="access_of_kind"),
                    models.Index(fields=["at"], name="access_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("finished", "Finished"),
                            ("usage", "Usage"),
                            ("talk", "Conversation"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="conversations.message",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            (
                                "messages",
                                "JSONL for fine-tuning: one conversation a line as “messages”",
                            ),
                            ("whole", "JSONL with everything that is known"),
                            ("csv", "CSV: one message a row"),
                        ],
                        max_length=8,
                        verbose_name="format",
                    ),
                ),
                ("query", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to be downloaded"),
                            ("running", "Being downloaded"),
                            ("done", "Done"),
                            ("broken", "Broken off"),
                        ],
                        default="ready",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("written", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="asked for"
                    ),
                ),
                ("heartbeat_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-created_at"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                (
                    "placed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="placed"),
                ),
                ("owner_username", models.CharField(max_length=150)),
                ("owner_name", models.CharField(blank=True, max_length=150)),
                ("owner_email", models.EmailField(blank=True, max_length=254)),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hold",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["-id"],
                "default_permissions": ("view", "add", "delete"),
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
            ],
            options={
                "verbose_name": "label",
                "verbose_name_plural": "labels",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="label_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="note")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_notes",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="conversations.message",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("none", "Not asked for"),
                            ("optional", "Asked for, may be left empty"),
                            ("required", "Required"),
                        ],
                        default="optional",
                        help_text="Whether reviewers say why before they open, search or export conversations.",
                        max_length=8,
                        verbose_name="reason for access",
                    ),
                ),
                (
                    "tells_users",
                    models.BooleanField(
                        default=False,
                        help_text="On their account page: when, not by whom.",
                        verbose_name="users see when they were reviewed",
                    ),
                ),
            ],
            options={
                "verbose_name": "review policy",
                "verbose_name_plural": "review policy",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="review_policy_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("model", models.CharField(max_length=200, verbose_name="model")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="messages")),
                ("replies", models.PositiveIntegerField(default=0, verbose_name="replies")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="failed replies")),
                ("stopped", models.PositiveIntegerField(default=0, verbose_name="stopped replies")),
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
                ("thumbs_up", models.PositiveIntegerField(default=0, verbose_name="good replies")),
                ("thumbs_down", models.PositiveIntegerField(default=0, verbose_name="bad replies")),
                ("first_token", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "dashboard",
                "verbose_name_plural": "dashboard",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "model"), name="site_day_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleDocument",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("folded", models.TextField()),
                ("grams", conversations.review.models.grams.GramsField()),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                            ("failed", "Failed"),
                        ],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("scanned", models.PositiveBigIntegerField(default=0)),
                ("matched", models.PositiveBigIntegerField(default=0)),
                ("examples", models.JSONField(default=list)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("heartbeat_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="review.rule",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "description",
                    models.CharField(
                        blank=True,
                        help_text="When it is given.",
                        max_length=200,
                        verbose_name="description",
                    ),
                ),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("good", "Good"),
                            ("neutral", "Neutral"),
                            ("warn", "Worrying"),
                            ("danger", "Dangerous"),
                        ],
                        default="neutral",
                        max_length=8,
                        verbose_name="tone",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="A verdict that was given can’t be deleted; take it off the list instead.",
                        verbose_name="can be chosen",
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "ordering": ["position", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="verdict_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_reviewed", models.BooleanField(default=True)),
                ("comment", models.TextField(blank=True, max_length=4000, verbose_name="comment")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgements",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="review.verdict",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Labelling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labellings",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labellings",
                        to="review.label",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("conversation", "label"), name="label_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Regrouping",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Conversations are deleted so many days after their last message. Empty keeps them for good.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="days",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "group",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.group",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention rule",
                "verbose_name_plural": "retention rules",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("group", None)),
                        name="retention_one_default",
                        violation_error_message="There is a rule for everybody already; change that.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="conversations.message",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="review.rule",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("message", "rule"), name="flag_once_a_rule"),
                    models.UniqueConstraint(
                        condition=models.Q(("rule", None)),
                        fields=("conversation",),
                        name="flag_once_by_hand",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.TextField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("user", "name"), name="filter_of_user")
                ],
            },
        ),
        migrations.CreateModel(
            name="UserDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("model", models.CharField(max_length=200, verbose_name="model")),
                ("messages", models.PositiveIntegerField(default=0, verbose_name="messages")),
                ("replies", models.PositiveIntegerField(default=0, verbose_name="replies")),
                ("failed", models.PositiveIntegerField(default=0, verbose_name="failed replies")),
                ("stopped", models.PositiveIntegerField(default=0, verbose_name="stopped replies")),
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
                ("thumbs_up", models.PositiveIntegerField(default=0, verbose_name="good replies")),
                ("thumbs_down", models.PositiveIntegerField(default=0, verbose_name="bad replies")),
                ("first_token", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["day", "user", "model"], name="user_day_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "day", "model"), name="user_day_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("user", None)),
                        fields=("day", "model"),
                        name="user_day_erased_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="conversations.conversation",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unreviewed", "Not reviewed"),
                            ("waiting", "To review"),
                            ("reviewed", "Reviewed"),
                        ],
                        default="unreviewed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reviewed"),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("person", models.CharField(max_length=8, verbose_name="user")),
                ("model", models.CharField(max_length=200, verbose_name="model")),
                ("last_activity_at", models.DateTimeField(verbose_name="last activity")),
                ("message_count", models.PositiveIntegerField(default=0, verbose_name="messages")),
                ("tokens", models.PositiveBigIntegerField(default=0, verbose_name="tokens")),
                (
                    "cost_usd",
                    models.DecimalField(
                        decimal_places=8,
                        default=0,
                        max_digits=14,
                        verbose_name="cost in US dollars",
                    ),
                ),
                ("thumbs_up", models.PositiveIntegerField(default=0, verbose_name="good replies")),
                ("thumbs_down", models.PositiveIntegerField(default=0, verbose_name="bad replies")),
                ("flag_count", models.PositiveIntegerField(default=0, verbose_name="flags")),
                (
                    "failed_count",
                    models.PositiveIntegerField(default=0, verbose_name="failed replies"),
                ),
                (
                    "stopped_count",
                    models.PositiveIntegerField(default=0, verbose_name="stopped replies"),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="review.verdict",
                        verbose_name="verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
                "ordering": ("-last_activity_at", "-pk"),
                "permissions": [
                    ("see_identities", "Can see who users are, instead of pseudonyms"),
                    ("export_conversations", "Can export conversations"),
                ],
                "default_permissions": ("view", "change"),
                "indexes": [
                    models.Index(
                        fields=["-last_activity_at", "-conversation"], name="review_latest"
                    ),
                    models.Index(
                        fields=["state", "-last_activity_at", "-conversation"],
                        name="review_of_state",
                    ),
                    models.Index(
                        fields=["person", "-last_activity_at", "-conversation"],
                        name="review_of_person",
                    ),
                    models.Index(
                        fields=["model", "-last_activity_at", "-conversation"],
                        name="review_of_model",
                    ),
                    models.Index(
                        condition=models.Q(("verdict__isnull", False)),
                        fields=["verdict", "-last_activity_at", "-conversation"],
                        name="review_of_verdict",
                    ),
                    models.Index(
                        condition=models.Q(("assignee__isnull", False)),
                        fields=["assignee", "-last_activity_at", "-conversation"],
                        name="review_of_assignee",
                    ),
                    models.Index(
                        condition=models.Q(("changed_by__isnull", False)),
                        fields=["changed_by"],
                        name="review_changed_by",
                    ),
                    models.Index(
                        condition=models.Q(("thumbs_up__gt", 0)),
                        fields=["-last_activity_at", "-conversation"],
                        name="review_praised",
                    ),
                    models.Index(
                        condition=models.Q(("thumbs_down__gt", 0)),
                        fields=["-last_activity_at", "-conversation"],
                        name="review_criticised",
                    ),
                    models.Index(
                        condition=models.Q(("flag_count__gt", 0)),
                        fields=["-last_activity_at", "-conversation"],
                        name="review_flagged",
                    ),
                    models.Index(
                        condition=models.Q(("failed_count__gt", 0)),
                        fields=["-last_activity_at", "-conversation"],
                        name="review_failed",
                    ),
                    models.Index(
                        condition=models.Q(("stopped_count__gt", 0)),
                        fields=["-last_activity_at", "-conversation"],
                        name="review_stopped",
                    ),
                    models.Index(fields=["-message_count", "-conversation"], name="review_longest"),
                    models.Index(fields=["-tokens", "-conversation"], name="review_most_tokens"),
                    models.Index(fields=["-cost_usd", "-conversation"], name="review_dearest"),
                ],
            },
        ),
    ]
