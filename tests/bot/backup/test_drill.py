"""The drill: a backup while members vote, a restore elsewhere, and a bot that goes on there."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.backup import restore, write_backup
from bot.backup.archive import read_archive
from bot.cli.main import main
from bot.config import Config
from bot.errors import DataFolderError
from bot.store import Store
from bot.store.snapshot import contents_of
from model.checkpoint import save_checkpoint
from tests.bot.conftest import Stage, on_stage
from tests.factories import short_lined_checkpoint

VERSION = "2026-11-21-1"


async def go_live(stage: Stage, config: Config) -> None:
    """As a training run would have made it."""
    folder = config.checkpoints_dir / VERSION
    save_checkpoint(short_lined_checkpoint(VERSION, seed=1), folder)
    await stage.app.services.generation.swap(folder)


async def vote_until(store: Store, stopped: asyncio.Event) -> int:
    """One vote after the other; how many."""
    num_votes = 0
    while not stopped.is_set():
        await store.votes.cast(1, 1000 + num_votes, 1)
        num_votes += 1
    return num_votes


def elsewhere(config: Config, folder: Path) -> Config:
    url = f"sqlite+aiosqlite:///{folder}/cypher.db"
    database = config.database.model_copy(update={"url": url})
    return config.model_copy(update={"data_dir": folder, "database": database})


async def test_a_bot_goes_on_from_its_backup(config: Config, tmp_path: Path) -> None:
    archive = tmp_path / "elsewhere" / "saved.tar.gz"
    async with on_stage(config) as stage:
        await stage.rap()
        await go_live(stage, config)
        verse = await stage.rap("salt")
        stopped = asyncio.Event()
        voting = asyncio.ensure_future(vote_until(stage.store, stopped))
        while (await stage.store.votes.count(1)).up < 3:
            await asyncio.sleep(0.01)
        num_before = (await stage.store.votes.count(1)).up
        backup = await asyncio.to_thread(write_backup, config, archive)
        stopped.set()
        num_votes = await voting
        with pytest.raises(DataFolderError, match="uses"):
            await asyncio.to_thread(restore, config, archive, replace=True)
        assert (await stage.store.votes.count(1)).up == num_votes
    assert backup.contents is not None
    assert num_before <= backup.contents.counts["votes"] <= num_votes
    assert backup.contents.counts["verses"] == 2

    new = elsewhere(config, tmp_path / "restored")
    restored = await asyncio.to_thread(restore, new, archive)
    assert restored.contents == backup.contents
    assert restored.live == VERSION
    assert restored.moved_to is None
    async with on_stage(new) as stage:
        assert stage.app.services.generation.live_version == VERSION
        live = await stage.store.checkpoints.live()
        assert live is not None
        assert live.version == VERSION
        assert (await stage.store.votes.count(1)).up == backup.contents.counts["votes"]
        again = await stage.rap("salt")
        assert again.response.embeds[0].title == verse.response.embeds[0].title
        assert (await stage.store.verses.get(3)) is not None


async def test_no_token_is_in_a_backup(config: Config, tmp_path: Path) -> None:
    path = config.database_path
    assert path is not None
    columns = "interaction_id, application_id, token, user_id, locale, request, created_at"
    row = f"INSERT INTO pending_requests ({columns}, expires_at) VALUES (1, 2, 'secret-token', 6,"
    with sqlite3.connect(path) as connection:
        connection.execute(f"{row} 'en-US', '{{}}', '2026-01-01', '2026-01-01')")
    connection.close()
    archive = tmp_path / "saved.tar.gz"
    await asyncio.to_thread(write_backup, config, archive)
    read_archive(archive, into=tmp_path / "unpacked")
    assert contents_of(tmp_path / "unpacked" / "cypher.db").counts["verses"] == 0
    assert b"secret-token" in b"".join(each.read_bytes() for each in path.parent.glob("cypher.db*"))
    assert b"secret-token" not in (tmp_path / "unpacked" / "cypher.db").read_bytes()


def test_the_commands_tell_what_was_written_and_what_came_back(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(config.data_dir)]
    assert main(["backup", *data]) == 0
    assert "0 verses, 0 votes" in capsys.readouterr().out
    (archive,) = (config.data_dir / "backups").glob("cypher-*.tar.gz")
    assert main(["restore", str(archive), *data]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["restore", str(archive), *data, "--replace"]) == 0
    told = capsys.readouterr().out
    assert "Live is the starter checkpoint" in told
    (aside,) = (config.data_dir / "backups").glob("replaced-*")
    assert str(aside) in told
    assert (aside / "cypher.db").exists()
    assert (config.data_dir / "cypher.db").exists()
