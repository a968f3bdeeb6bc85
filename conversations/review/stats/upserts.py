"""The statements that daily stats are counted with: the ORM can't add to a row that may not be
there yet.
"""

from dataclasses import dataclass

from conversations.review.stats.counters import NUMBERS

COLUMNS = ("day", "model", *NUMBERS, "first_token")

# What a row has and what is added to it, bucket by bucket.
MERGED = {
    "postgresql": """
    (SELECT COALESCE(jsonb_object_agg(key, replies), '{}') FROM (
        SELECT key, SUM(value::bigint) AS replies FROM (
            SELECT * FROM jsonb_each_text(total.first_token)
            UNION ALL SELECT * FROM jsonb_each_text(excluded.first_token)
        ) AS counts GROUP BY key
    ) AS sums)""",
    "sqlite": """
    (SELECT json_group_object(key, replies) FROM (
        SELECT key, SUM(value) AS replies FROM (
            SELECT key, value FROM json_each(total.first_token)
            UNION ALL SELECT key, value FROM json_each(excluded.first_token)
        ) GROUP BY key
    ))""",
}


@dataclass(frozen=True)
class UpsertTarget:
    """Rows that are added to, and what tells one from another."""

    table: str
    columns: tuple[str, ...]
    unique: str

    def build_upsert(self, vendor: str, rows: int) -> str:
        marks = f"({', '.join(['%s'] * len(self.columns))})"
        return self.build_merge(vendor, f"VALUES {', '.join([marks] * rows)}")

    def build_merge(self, vendor: str, source: str) -> str:
        sums = ", ".join(f"{name} = total.{name} + excluded.{name}" for name in NUMBERS)
        return (
            f"INSERT INTO {self.table} AS total ({', '.join(self.columns)}) {source}"
            f" ON CONFLICT {self.unique} DO UPDATE SET {sums}, first_token = {MERGED[vendor]}"
        )


SITE = UpsertTarget("review_siteday", COLUMNS, "(day, model)")
USERS = UpsertTarget("review_userday", ("user_id", *COLUMNS), "(user_id, day, model)")
ERASED = UpsertTarget("review_userday", ("user_id", *COLUMNS), "(day, model) WHERE user_id IS NULL")


def build_erasure(vendor: str) -> str:
    """Return what adds one user's rows to those of the erased."""
    return ERASED.build_merge(
        vendor,
        f"SELECT NULL, {', '.join(COLUMNS)} FROM review_userday"
        " WHERE user_id = %s ORDER BY day, model",
    )


def build_user_lock(vendor: str, users: int) -> str:
    """Return what selects which of so many users exist. PostgreSQL keeps them from being deleted,
    and from nothing else; on SQLite only one writes.
    """
    lock = " FOR KEY SHARE" if vendor == "postgresql" else ""
    marks = ", ".join(["%s"] * users)
    return f"SELECT id FROM accounts_user WHERE id IN ({marks}) ORDER BY id{lock}"
