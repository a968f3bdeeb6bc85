"""The index of search learns whose its rows are. Rows that there are get their owners afterwards, in
the background: this only adds what is empty.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Of an array, as GIN takes it without an extension. Partial, so that it is made at once.
POSTGRESQL = """
CREATE INDEX review_message_own_trigrams ON review_messagedocument
USING gin ((ARRAY[owner_id]), folded gin_trgm_ops) WHERE owner_id IS NOT NULL
"""


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX review_message_own_trigrams")


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0007_deleted_at"),
        ("review", "0007_added_usage"),
    ]

    operations = [
        migrations.AddField("messagedocument", "owner_id", models.BigIntegerField(null=True)),
        migrations.AddField("titledocument", "owner_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "messagedocument",
            models.Index(fields=["owner_id", "message"], name="message_document_of_owner"),
        ),
        migrations.AddIndex(
            "titledocument", models.Index(fields=["owner_id"], name="title_document_of_owner")
        ),
        migrations.RunPython(make_index, drop_index),
    ]
