"""SQLite's full-text indexes, by the tables whose rows they hold: triggers keep them up to date."""

# SQLite's search indexes: the table's documents → key, and index → column.
INDEXED = {
    "review_messagedocument": (
        "message_id",
        {"review_message_trigrams": "folded", "review_message_grams": "grams"},
    ),
    "review_titledocument": (
        "id",
        {"review_title_trigrams": "folded", "review_title_grams": "grams"},
    ),
}
