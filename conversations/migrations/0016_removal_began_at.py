from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0015_attachments")]

    operations = [
        migrations.AddField(
            model_name="removedcontent",
            name="removal_began_at",
            field=models.DateTimeField(null=True),
        ),
    ]
