"""`python -m tests.postgresql`: does the tests' PostgreSQL answer? Says so, and fails if not."""

import os
import sys
from urllib.parse import urlsplit

import psycopg

CONNECT_TIMEOUT = 3  # seconds


def main() -> None:
    url = os.environ["TEST_DATABASE_URL"]
    parts = urlsplit(url)
    address = f"{parts.hostname}:{parts.port or 5432}"
    try:
        psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        sys.exit(f"The tests were not run on PostgreSQL: none answers on {address} ({reason}).")
    sys.stdout.write(f"All tests that touch the database, on PostgreSQL ({address}):\n")


if __name__ == "__main__":
    main()
