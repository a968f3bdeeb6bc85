"""The search index of messages and titles, and its queries. It knows nothing of who searches.

- terms: what was typed, as terms; normalizing: texts as search compares them, for both databases.
- models, fields: the tables of the index; sqlite_indexes: SQLite's full-text indexes over them.
- owners: whose a text is, as the index has it; reindexing: rows whose owner it doesn't know.
- outbox_consumer, indexing: the index follows messages and titles.
- id_ranges, days: between which ids the messages of a day, or of a span of time, are.
- matching: which rows of the index hold all terms; own_matching: of those of one owner.
- positions, snippets: where in a text they stand, and the part of it that is shown.
- compaction: gets deleted text out of SQLite's indexes.
"""
