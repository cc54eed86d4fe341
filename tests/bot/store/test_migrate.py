"""Migrations reach exactly the tables of the code, go back, and refuse what they do not know."""

import asyncio
import re
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.errors import DatabaseError
from bot.store import open_store
from bot.store.engine import open_engine, parse_url
from bot.store.migrate import (
    alembic_config,
    current_revision,
    downgrade,
    head_revision,
    upgrade,
)
from bot.store.tables import Base
from tests.bot.store.examples import database_url, new_verse, query

SCHEMA = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
OWN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def schema(path: Path) -> dict[str, set[str]]:
    """Each table and index as the set of its clauses, whose order does not matter.

    SQLite quotes the name of a table that was copied, and adds columns to the last line.
    """
    ends = re.compile(r",\s*\n|, (?=\w+ [A-Z])")
    return {
        name: {clause.strip(" ()\n") for clause in ends.split(re.sub(r'[ \t"]+', " ", sql))}
        for name, sql in query(path, SCHEMA)
        if not name.startswith(("sqlite_", "alembic_"))
    }


async def test_alembic_sees_no_difference_between_tables_and_migrations(url: str) -> None:
    async with open_engine(parse_url(url)) as engine, engine.begin() as connection:
        await connection.run_sync(lambda sync: command.check(alembic_config(sync)))


def test_checks_and_partial_indexes_are_those_of_the_tables_too(path: Path, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/created.db")
    Base.metadata.create_all(engine)
    engine.dispose()
    created = schema(tmp_path / "created.db")
    assert schema(path) == created
    assert any("CHECK (value IN (-1, 1" in clause for clause in created["votes"])


async def test_down_and_up_again_gives_the_same_schema(url: str, path: Path) -> None:
    before = schema(path)
    await downgrade(url, "base")
    assert query(path, OWN_TABLES) == [("alembic_version",)]
    assert await current_revision(url) is None
    await upgrade(url)
    assert schema(path) == before
    assert await current_revision(url) == head_revision()


async def test_an_upgrade_keeps_what_is_there(url: str) -> None:
    async with open_store(url) as store:
        verse = await store.verses.add(new_verse())
    await upgrade(url)
    async with open_store(url) as store:
        assert await store.verses.get(verse.id) == verse


async def test_verses_of_before_there_were_schemes_are_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    await upgrade(database_url(path), "0001")
    query(path, "INSERT INTO artists VALUES (5, 'Kettle Jones', 'kettlejones', '2026-05-01')")
    columns = "artist_id, seed, context, num_lines, temperature, top_k, top_p, repetition_penalty"
    for number in (8, 9, 10):
        query(
            path,
            f"INSERT INTO verses (id, parent_id, {columns}, rng_seed, checkpoint, text, user_id,"
            " created_at) VALUES (?, ?, 5, 'slim', '', 8, 0.8, 0, 0.9, 1.2, 7, 'starter',"
            " 'slim as rain', 3, '2026-05-01 12:00:00')",
            number,
            number - 1 if number > 8 else None,
        )
    query(path, "INSERT INTO votes VALUES (9, 3, 1, '2026-05-01', '2026-05-01')")
    query(path, "DELETE FROM verses WHERE id = 10")
    await upgrade(database_url(path))
    async with open_store(database_url(path)) as store:
        verse = await store.verses.get(9)
        assert verse is not None
        assert (verse.text, verse.parent_id, verse.artist) == ("slim as rain", 8, "Kettle Jones")
        assert (verse.scheme, verse.num_candidates) == (None, None)
        assert (verse.mix_artist, verse.mix_share) == (None, None)
        assert (await store.votes.count(9)).up == 1
        assert (await store.verses.add(new_verse())).id == 11


async def test_going_back_before_schemes_keeps_the_verses(url: str, path: Path) -> None:
    async with open_store(url) as store:
        await store.verses.add(new_verse(scheme="AABB", mix_artist="Roof Fox", mix_share=30))
        await store.votes.cast(1, 3, 1)
    await downgrade(url, "0001")
    assert query(path, "SELECT id, seed FROM verses") == [(1, "slim")]
    assert query(path, "SELECT verse_id FROM votes") == [(1,)]


async def test_what_a_server_allowed_before_stays_allowed(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    await upgrade(database_url(path), "0003")
    for guild_id, allows in ((1, True), (2, False)):
        query(
            path, "INSERT INTO guild_settings VALUES (?, 1, 12, ?, '2026-05-01')", guild_id, allows
        )
    await upgrade(database_url(path))
    async with open_store(database_url(path)) as store:
        assert (await store.guilds.get(1)).content == "unfiltered"
        assert (await store.guilds.get(2)).content == "default"
        assert (await store.guilds.get(2)).default_lines == 12


async def test_going_back_makes_one_artist_of_those_with_one_name(url: str, path: Path) -> None:
    async with open_store(url) as store:
        await store.verses.add(new_verse())
    columns = "artists (id, name, key, guild_id, created_at)"
    query(path, f"INSERT INTO {columns} SELECT 7, name, key, 99, created_at FROM artists")
    query(path, f"INSERT INTO {columns} VALUES (8, 'Only Here', 'onlyhere', 99, '2026-05-01')")
    async with open_store(url) as store:
        await store.verses.add(new_verse())
    query(path, "UPDATE verses SET artist_id = 7 WHERE id = 2")
    await downgrade(url, "0003")
    assert query(path, "SELECT artist_id FROM verses ORDER BY id") == [(1,), (1,)]
    assert query(path, "SELECT id FROM artists ORDER BY id") == [(1,), (8,)]


async def test_an_upgrade_makes_the_folders_and_the_file(tmp_path: Path) -> None:
    url = database_url(tmp_path / "deep" / "down" / "cypher.db")
    assert await current_revision(url) is None
    assert not (tmp_path / "deep").exists()
    await upgrade(url)
    assert await current_revision(url) == head_revision()


def test_an_upgrade_needs_no_particular_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asyncio.run(upgrade("sqlite+aiosqlite:///here.db"))
    assert query(tmp_path / "here.db", "SELECT version_num FROM alembic_version") == [
        (head_revision(),)
    ]


async def test_an_upgrade_that_breaks_halfway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_upgrade = command.upgrade

    def break_at_the_end(config: Config, revision: str) -> None:
        real_upgrade(config, revision)
        raise RuntimeError

    monkeypatch.setattr(command, "upgrade", break_at_the_end)
    with pytest.raises(RuntimeError):
        await upgrade(database_url(tmp_path / "cypher.db"))
    assert query(tmp_path / "cypher.db", SCHEMA) == []


async def test_an_upgrade_refuses_a_database_of_a_newer_version(url: str, path: Path) -> None:
    query(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseError, match="newer Cypher: it is at revision 9999"):
        await upgrade(url)


async def test_an_upgrade_refuses_the_database_of_another_program(tmp_path: Path) -> None:
    query(tmp_path / "recipes.db", "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(DatabaseError, match="another program"):
        await upgrade(database_url(tmp_path / "recipes.db"))
    assert query(tmp_path / "recipes.db", OWN_TABLES) == [("recipes",)]


async def test_a_migration_that_orphans_rows_is_taken_back(url: str, path: Path) -> None:
    async with open_store(url) as store:
        await store.verses.add(new_verse())
    query(path, "DELETE FROM artists")  # another program that minds no foreign keys
    with pytest.raises(DatabaseError, match="without the row"):
        await upgrade(url, head_revision())  # by name, as there is nothing else to do
