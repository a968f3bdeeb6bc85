"""What the database itself does for review, by triggers.

- The access log, and what its entries showed, can't be changed: UPDATE, DELETE and TRUNCATE are
  refused, whoever asks.
- Whatever happens to messages and conversations is noted down as a Change, in the same transaction,
  so that nothing that writes them has to think of it.
- Documents go with their messages; on SQLite the search indexes follow the documents, and it is
  noted down that they are to be cleaned.

They are no migration's, because Django rebuilds SQLite's tables to change them, and triggers don't
survive that: migrations run without, and afterwards all are made again. Whoever serves asks first
whether they are there (`missing`): migrations may have broken off, a copy may have come without.
"""

from typing import Any

from django.db import connection

from conversations.search.sqlite_indexes import INDEXED

RUNNING = "('pending', 'streaming')"
# What was copied was counted where it was written; its text alone is news.
ENDED_KIND = (
    "CASE WHEN NEW.copied_from IS NOT NULL THEN 'text'"
    " WHEN NEW.base_length IS NOT NULL THEN 'again' ELSE 'finished' END"
)
ENDING_COLUMNS = "kind, conversation_id, message_id, status, model"
ENDED = f"{ENDED_KIND}, NEW.conversation_id, NEW.id, NEW.status, NEW.model"
REOPENED = "'reopened', NEW.conversation_id, NEW.id, OLD.status, OLD.model"
IS_REOPENED = f"OLD.status NOT IN {RUNNING} AND NEW.status IN {RUNNING} AND NEW.copied_from IS NULL"
USAGE_COLUMNS = "kind, conversation_id, message_id, prompt_tokens, completion_tokens, cost_usd"
AMOUNTS_NEW = "(NEW.prompt_tokens, NEW.completion_tokens, NEW.cost_usd)"
AMOUNTS_OLD = "(OLD.prompt_tokens, OLD.completion_tokens, OLD.cost_usd)"
KNOWN = "NEW.prompt_tokens IS NOT NULL"
ALL_USAGE = (
    "'usage', NEW.conversation_id, NEW.id, NEW.prompt_tokens, NEW.completion_tokens, NEW.cost_usd"
)
ADDED_USAGE = (
    "'usage', NEW.conversation_id, NEW.id,"
    " NEW.prompt_tokens - COALESCE(OLD.prompt_tokens, 0),"
    " NEW.completion_tokens - COALESCE(OLD.completion_tokens, 0),"
    " NEW.cost_usd - COALESCE(OLD.cost_usd, 0)"
)
LOCKED = "the access log can not be changed"
TABLES = {
    "review_accessentry",
    "review_change",
    "review_cleaning",
    "review_disclosure",
    "review_messagedocument",
    "review_titledocument",
}

# Name → on which table.
LOG = {
    "review_log_update": "review_accessentry",
    "review_log_delete": "review_accessentry",
    "review_log_replace": "review_accessentry",
    "review_shown_update": "review_disclosure",
    "review_shown_delete": "review_disclosure",
    "review_shown_replace": "review_disclosure",
}
# What PostgreSQL has no need of: it refuses REPLACE by itself.
SQLITE_ALONE = {name for name in LOG if name.endswith("_replace")}
CHANGES = {
    "review_message_added": "conversations_message",
    "review_message_ended": "conversations_message",
    "review_message_reopened": "conversations_message",
    "review_message_usage": "conversations_message",
    "review_message_gone": "conversations_message",
    "review_conversation_added": "conversations_conversation",
    "review_conversation_changed": "conversations_conversation",
}
FOLLOWING = {
    f"{table}_{event}": table for table in INDEXED for event in ("added", "gone", "changed")
}

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{LOCKED}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE OR REPLACE FUNCTION review_note_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_change ({ENDING_COLUMNS}) VALUES ({ENDED});
    IF TG_OP = 'INSERT' THEN
        INSERT INTO review_change ({USAGE_COLUMNS}) SELECT {ALL_USAGE} WHERE {KNOWN};
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION review_note_reopened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_change ({ENDING_COLUMNS}) VALUES ({REOPENED});
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION review_note_usage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_change ({USAGE_COLUMNS}) SELECT {ADDED_USAGE}
    WHERE {KNOWN} AND {AMOUNTS_NEW} IS DISTINCT FROM {AMOUNTS_OLD};
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION review_note_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_change (kind, conversation_id) VALUES ('talk', NEW.id);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION review_forget_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM review_messagedocument WHERE message_id = OLD.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER review_log_update BEFORE UPDATE OR DELETE ON review_accessentry
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
CREATE OR REPLACE TRIGGER review_log_delete BEFORE TRUNCATE ON review_accessentry
    FOR EACH STATEMENT EXECUTE FUNCTION review_refuse();
CREATE OR REPLACE TRIGGER review_shown_update BEFORE UPDATE OR DELETE ON review_disclosure
    FOR EACH ROW EXECUTE FUNCTION review_refuse();
CREATE OR REPLACE TRIGGER review_shown_delete BEFORE TRUNCATE ON review_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION review_refuse();
CREATE OR REPLACE TRIGGER review_message_added AFTER INSERT ON conversations_message
    FOR EACH ROW WHEN (NEW.status NOT IN {RUNNING}) EXECUTE FUNCTION review_note_message();
CREATE OR REPLACE TRIGGER review_message_ended AFTER UPDATE OF status ON conversations_message
    FOR EACH ROW WHEN (OLD.status IN {RUNNING} AND NEW.status NOT IN {RUNNING})
    EXECUTE FUNCTION review_note_message();
CREATE OR REPLACE TRIGGER review_message_reopened AFTER UPDATE OF status ON conversations_message
    FOR EACH ROW WHEN ({IS_REOPENED}) EXECUTE FUNCTION review_note_reopened();
CREATE OR REPLACE TRIGGER review_message_usage
    AFTER UPDATE OF prompt_tokens ON conversations_message
    FOR EACH ROW WHEN (NEW.status NOT IN {RUNNING})
    EXECUTE FUNCTION review_note_usage();
CREATE OR REPLACE TRIGGER review_message_gone AFTER DELETE ON conversations_message
    FOR EACH ROW EXECUTE FUNCTION review_forget_message();
CREATE OR REPLACE TRIGGER review_conversation_added AFTER INSERT ON conversations_conversation
    FOR EACH ROW EXECUTE FUNCTION review_note_conversation();
CREATE OR REPLACE TRIGGER review_conversation_changed
    AFTER UPDATE OF title, owner_id ON conversations_conversation
    FOR EACH ROW WHEN (
        OLD.title IS DISTINCT FROM NEW.title OR OLD.owner_id IS DISTINCT FROM NEW.owner_id
    )
    EXECUTE FUNCTION review_note_conversation();
"""

NOTE_MESSAGE = f"INSERT INTO review_change ({ENDING_COLUMNS}) SELECT {ENDED}"
NOTE_REOPENED = f"INSERT INTO review_change ({ENDING_COLUMNS}) SELECT {REOPENED}"
NOTE_ALL_USAGE = f"INSERT INTO review_change ({USAGE_COLUMNS}) SELECT {ALL_USAGE} WHERE {KNOWN}"
NOTE_ADDED_USAGE = (
    f"INSERT INTO review_change ({USAGE_COLUMNS}) SELECT {ADDED_USAGE}"
    f" WHERE {KNOWN} AND {AMOUNTS_NEW} IS NOT {AMOUNTS_OLD}"
)
NOTE_CONVERSATION = "INSERT INTO review_change (kind, conversation_id) VALUES ('talk', NEW.id)"
CLEAN = (
    " INSERT INTO review_cleaning (id, asked, done) VALUES (1, 1, 0)"
    " ON CONFLICT (id) DO UPDATE SET asked = asked + 1;"
)
REFUSE = f"SELECT RAISE(ABORT, '{LOCKED}')"


def sqlite_triggers() -> dict[str, str]:
    """Name → when, and what then."""
    made = {
        **lock_triggers("review_log", "review_accessentry"),
        **lock_triggers("review_shown", "review_disclosure"),
        "review_message_added": (
            f"AFTER INSERT ON conversations_message WHEN NEW.status NOT IN {RUNNING}"
            f" BEGIN {NOTE_MESSAGE}; {NOTE_ALL_USAGE}; END"
        ),
        "review_message_ended": (
            "AFTER UPDATE OF status ON conversations_message"
            f" WHEN OLD.status IN {RUNNING} AND NEW.status NOT IN {RUNNING}"
            f" BEGIN {NOTE_MESSAGE}; END"
        ),
        "review_message_reopened": (
            "AFTER UPDATE OF status ON conversations_message"
            f" WHEN {IS_REOPENED} BEGIN {NOTE_REOPENED}; END"
        ),
        "review_message_usage": (
            "AFTER UPDATE OF prompt_tokens ON conversations_message"
            f" WHEN NEW.status NOT IN {RUNNING} BEGIN {NOTE_ADDED_USAGE}; END"
        ),
        "review_message_gone": (
            "AFTER DELETE ON conversations_message BEGIN"
            " DELETE FROM review_messagedocument WHERE message_id = OLD.id; END"
        ),
        "review_conversation_added": (
            f"AFTER INSERT ON conversations_conversation BEGIN {NOTE_CONVERSATION}; END"
        ),
        "review_conversation_changed": (
            "AFTER UPDATE OF title, owner_id ON conversations_conversation"
            " WHEN OLD.title IS NOT NEW.title OR OLD.owner_id IS NOT NEW.owner_id"
            f" BEGIN {NOTE_CONVERSATION}; END"
        ),
    }
    for table, (key, indexes) in INDEXED.items():
        added = "".join(
            f" INSERT INTO {index} (rowid, {column}) VALUES (NEW.{key}, NEW.{column});"
            for index, column in indexes.items()
        )
        # FTS5 is told what it had been given, as it keeps no text itself.
        gone = "".join(
            f" INSERT INTO {index} ({index}, rowid, {column})"
            f" VALUES ('delete', OLD.{key}, OLD.{column});"
            for index, column in indexes.items()
        )
        made[f"{table}_added"] = f"AFTER INSERT ON {table} BEGIN{added} END"
        made[f"{table}_gone"] = f"AFTER DELETE ON {table} BEGIN{gone}{CLEAN} END"
        made[f"{table}_changed"] = f"AFTER UPDATE ON {table} BEGIN{gone}{added}{CLEAN} END"
    return made


def lock_triggers(name: str, table: str) -> dict[str, str]:
    """A table of SQLite's to which rows are only added."""
    return {
        f"{name}_update": f"BEFORE UPDATE ON {table} BEGIN {REFUSE}; END",
        f"{name}_delete": f"BEFORE DELETE ON {table} BEGIN {REFUSE}; END",
        # INSERT OR REPLACE deletes a row without asking the trigger above.
        f"{name}_replace": (
            f"BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            f" BEGIN {REFUSE}; END"
        ),
    }


def missing_triggers() -> set[str]:
    """The names of those that aren't there, or were switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger"
                " WHERE tgenabled IN ('O', 'A') AND pg_table_is_visible(tgrelid)"
            )
            # No index is to follow.
            expected = {*LOG, *CHANGES} - SQLITE_ALONE
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            expected = set(sqlite_triggers())
        return expected - {name for (name,) in cursor.fetchall()}


def install_triggers() -> None:
    """Makes those that there aren't."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL)
            return
        for name, body in sqlite_triggers().items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")


def remove_triggers(names: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, table in names.items():
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def unlock_log() -> None:
    """For tests, which empty all tables; `migrate` and `flush` lock it again."""
    remove_triggers(LOG)


def on_pre_migrate(*, plan: list[Any], **_signal: Any) -> None:
    if plan:
        remove_triggers(LOG | CHANGES | (FOLLOWING if connection.vendor == "sqlite" else {}))


def on_post_migrate(**_signal: Any) -> None:
    if set(connection.introspection.table_names()) >= TABLES:
        install_triggers()
