"""What is done to a whole site at once: back it up, restore it, move it to another database.

All three copy the same way: a source of rows (`sources`: a database as it was at one moment, or an
archive) is read table by table, and loaded into an empty database (`loading`), which is first
brought to the migrations of the source. What goes through is the rows' form in JSON (`rows`), the
same for SQLite and PostgreSQL.
"""


class OperationError(Exception):
    """Why nothing was done, or what was done was undone; a sentence for the terminal."""
