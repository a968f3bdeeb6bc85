from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0002_indexes"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="review",
            options={
                "default_permissions": ("view", "change"),
                "ordering": ("-last_activity_at", "-pk"),
                "permissions": [
                    ("see_identities", "Can see who users are, instead of pseudonyms"),
                    ("export_conversations", "Can export conversations"),
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
    ]
