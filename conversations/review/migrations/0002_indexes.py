"""Indexes that only one database has, the first verdicts, and a note of everything that there is.

PostgreSQL: trigrams (pg_trgm) and grams, by GIN. SQLite: the same by FTS5, over the documents' own
tables; the text in them is folded already, so case counts. Neither keeps the text a second time.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

VERDICTS = [
    ("Fine", "good", "The replies helped, and nothing is wrong with them."),
    ("Needs work", "warn", "Wrong, incomplete or beside the question."),
    ("Harmful", "danger", "Somebody may come to harm by it."),
    ("Against the rules", "danger", "The user asked for what this site is not for."),
]

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX review_message_trigrams ON review_messagedocument USING gin (folded gin_trgm_ops);
CREATE INDEX review_message_grams ON review_messagedocument USING gin (grams);
CREATE INDEX review_title_trigrams ON review_titledocument USING gin (folded gin_trgm_ops);
CREATE INDEX review_title_grams ON review_titledocument USING gin (grams);
"""
TRIGRAMS = """CREATE VIRTUAL TABLE {name}_trigrams USING fts5 (
    folded, content='{table}', content_rowid='{key}', columnsize=0,
    tokenize='trigram case_sensitive 1'
)"""
GRAMS = """CREATE VIRTUAL TABLE {name}_grams USING fts5 (
    grams, content='{table}', content_rowid='{key}', columnsize=0, detail=none,
    tokenize='unicode61'
)"""

FINISHED = """
INSERT INTO review_change (kind, conversation_id, message_id)
SELECT 'finished', conversation_id, id FROM conversations_message
WHERE status NOT IN ('pending', 'streaming') ORDER BY id
"""
USAGE = """
INSERT INTO review_change (kind, conversation_id, message_id)
SELECT 'usage', conversation_id, id FROM conversations_message
WHERE status NOT IN ('pending', 'streaming') AND prompt_tokens IS NOT NULL ORDER BY id
"""
CONVERSATIONS = """
INSERT INTO review_change (kind, conversation_id)
SELECT 'talk', id FROM conversations_conversation
"""


def make_indexes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for name, key in (("message", "message_id"), ("title", "id")):
        names = {"name": f"review_{name}", "table": f"review_{name}document", "key": key}
        schema_editor.execute(TRIGRAMS.format(**names))
        schema_editor.execute(GRAMS.format(**names))


def drop_indexes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    kind = "INDEX" if schema_editor.connection.vendor == "postgresql" else "TABLE"
    for name in ("message_trigrams", "message_grams", "title_trigrams", "title_grams"):
        schema_editor.execute(f"DROP {kind} review_{name}")


def make_verdicts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("review", "Verdict").objects.bulk_create(
        apps.get_model("review", "Verdict")(
            position=position, name=name, tone=tone, description=description
        )
        for position, (name, tone, description) in enumerate(VERDICTS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("review", "0001_initial")]

    operations = [
        migrations.RunPython(make_indexes, drop_indexes),
        migrations.RunPython(make_verdicts, migrations.RunPython.noop),
        migrations.RunSQL([FINISHED, USAGE, CONVERSATIONS], migrations.RunSQL.noop),
    ]
