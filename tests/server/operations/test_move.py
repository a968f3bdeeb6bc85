"""A site, moved into another database: all of it is there, and the old one is as it was."""

import os
import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from chatsite.server.startup.data_dir import lock_data_dir
from tests.e2e.site import Site, free_port
from tests.server.operations.conftest import MakePlace, database_of, refused
from tests.server.operations.contents import (
    Rows,
    read_contents,
    read_definitions,
    read_last_ids,
)

ORPHAN = (
    "INSERT INTO conversations_folder (id, name, folded_name, color, created_at, owner_id)"
    " VALUES ('00000000000040008000000000000001', 'Lost', 'lost', '', '2026-01-01', 4711)"
)


@pytest.fixture(scope="session")
def before(filled: Site) -> Rows:
    return read_contents(database_of(filled))


@pytest.fixture(scope="session")
def moved(place_of: MakePlace, filled: Site, before: Rows) -> str:
    """The address of the database into which it was."""
    url = database_of(place_of("moved"))
    filled.manage("move", "--to", url)
    return url


@pytest.fixture
def target(place_of: MakePlace, request: pytest.FixtureRequest) -> str:
    """The address of an empty database, which stays so."""
    return database_of(place_of(f"target_{request.node.name[-20:]}"))


def test_every_row_is_there(moved: str, before: Rows) -> None:
    there = read_contents(moved)
    assert there.keys() == before.keys()
    assert [table for table in before if there[table] != before[table]] == []


def test_the_old_database_is_as_it_was(moved: str, filled: Site, before: Rows) -> None:
    assert read_contents(database_of(filled)) == before


def test_constraints_indexes_and_triggers_are_there(moved: str, filled: Site) -> None:
    assert read_definitions(moved) == read_definitions(database_of(filled))


def test_ids_of_deleted_rows_are_not_given_again(moved: str, filled: Site) -> None:
    assert read_last_ids(moved) == read_last_ids(database_of(filled))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="Only on PostgreSQL")
def test_it_goes_into_the_other_kind_of_database_and_back(
    place_of: MakePlace, filled: Site, before: Rows
) -> None:
    across, back = place_of("moved_across", "sqlite"), place_of("moved_back")
    filled.manage("move", "--to", database_of(across))
    across.manage("move", "--to", database_of(back))
    assert read_contents(database_of(back)) == before


def test_it_says_what_to_set_without_the_password(filled: Site, place_of: MakePlace) -> None:
    url = database_of(place_of("told"))
    said = filled.manage("move", "--to", url.replace("postgres@", "postgres:secret@"))
    assert "DATABASE_URL=" in said
    assert "stays as it is" in said
    assert "secret" not in said


def test_a_database_that_has_tables_is_left_alone(filled: Site, moved: str) -> None:
    there = read_contents(moved)
    assert "only an empty one is filled" in refused(filled, "move", "--to", moved)
    assert read_contents(moved) == there


def test_the_database_of_the_site_is_no_target(filled: Site) -> None:
    url = database_of(filled).replace("127.0.0.1", "localhost")
    assert "is the site's database already" in refused(filled, "move", "--to", url)


def test_a_database_that_does_not_answer_is_named(filled: Site) -> None:
    url = f"postgresql://me:secret@127.0.0.1:{free_port()}/chat"
    sentence = refused(filled, "move", "--to", url)
    assert "can't be used: connection failed" in sentence
    assert "secret" not in sentence


def test_an_address_that_is_none_is_refused(filled: Site) -> None:
    assert "--to can't be read" in refused(filled, "move", "--to", "nonsense")


def test_a_site_that_is_running_is_left_alone(filled: Site, target: str) -> None:
    handle = lock_data_dir(filled.data_dir)
    try:
        assert "Another server is running" in refused(filled, "move", "--to", target)
    finally:
        os.close(handle)
    assert is_empty(target)


def test_a_site_of_a_newer_version_is_refused(place_of: MakePlace, target: str) -> None:
    site = place_of("newer", "sqlite")
    execute(
        site,
        "CREATE TABLE django_migrations (id INTEGER, app, name, applied DATETIME)",
        "INSERT INTO django_migrations VALUES (1, 'conversations', '9999_x', '2026-01-01')",
    )
    assert "by a newer version (conversations.9999_x)" in refused(site, "move", "--to", target)
    assert is_empty(target)


def test_what_fails_in_the_middle_leaves_an_empty_database(
    place_of: MakePlace, target: str
) -> None:
    site = place_of("broken", "sqlite")
    site.manage("migrate", "--verbosity=0")
    execute(site, ORPHAN)
    assert "It is empty again" in refused(site, "move", "--to", target)
    assert is_empty(target)


def execute(site: Site, *statements: str) -> None:
    with closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database, database:
        for statement in statements:
            database.execute(statement)


def is_empty(url: str) -> bool:
    return not read_contents(url)
