"""Whether the numbers on a message are told or estimated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="usage_estimated",
            field=models.BooleanField(default=False, verbose_name="usage is estimated"),
        ),
    ]
