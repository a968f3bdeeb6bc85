"""A million messages of other people within a minute or two: `manage.py shell` runs this.

PostgreSQL copies two of them; neither triggers nor the outbox see it, as no page looks at what
follows from messages.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from bench.seed import conversation
from chatsite.accounts.models import User
from conversations.models import Conversation, Message

OWNERS = 1_000
LENGTH = 20  # messages of a conversation

__all__ = ["fill"]

COPY = """
WITH made AS (
    INSERT INTO conversations_conversation {conversations}, generate_series(1, %(count)s) AS number
    WHERE model.id = %(model)s RETURNING id
),
numbered AS (SELECT id, row_number() OVER () AS number FROM made)
INSERT INTO conversations_message {messages}, numbered, generate_series(0, %(length)s - 1) AS step
WHERE model.id = %(question)s + step %% 2
"""
END_OF_EACH = """
UPDATE conversations_conversation SET leaf_id = leaf FROM (
    SELECT conversation_id, max(id) AS leaf FROM conversations_message GROUP BY 1
) AS leaves WHERE id = conversation_id
"""
NEXT_ID = """
SELECT setval(pg_get_serial_sequence('conversations_message', 'id'), max(id))
FROM conversations_message
"""


def fill(messages: int) -> None:
    names = [f"other{number}" for number in range(OWNERS)]
    owners = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com") for name in names
    )
    model = conversation(owners[0], 2)
    values: dict[str, Any] = {
        "count": messages // LENGTH,
        "length": LENGTH,
        "model": model.pk,
        "question": model.messages.earliest("id").pk,
        "last": Message.objects.latest("id").pk,
        "owner": owners[0].pk,
        "owners": OWNERS,
    }
    conversations = copied(
        Conversation,
        id="gen_random_uuid()",
        owner_id="%(owner)s + number %% %(owners)s",
        last_activity_at="now() - number * interval '1 minute'",
    )
    number = "%(last)s + numbered.number * %(length)s + step"
    made = copied(
        Message,
        id=number,
        conversation_id="numbered.id",
        parent_id=f"CASE WHEN step > 0 THEN {number} - 1 END",
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COPY.format(conversations=conversations, messages=made), values)
        cursor.execute(END_OF_EACH)
        cursor.execute(NEXT_ID)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(Message.objects.count())


def copied(model: type[Model], **changed: str) -> str:
    """The columns of a table, and what a copy of a row has in them."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f'model."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"({names}) SELECT {values} FROM {model._meta.db_table} AS model"  # noqa: S608 - ours
