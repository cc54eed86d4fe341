"""What goes into a backup, and that files and database in it belong to one moment."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.backup import BackupSchedule, write_backup, writing
from bot.backup.archive import read_archive
from bot.config import Config
from bot.generation.registry import (
    CheckpointRegistry,
    live_name,
    registry_of_beats,
    registry_of_verses,
)
from bot.store.snapshot import Contents, copy_database


def folder_of(config: Config, name: str) -> Path:
    folder = config.checkpoints_dir / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    return folder


def names_in(archive: Path) -> set[str]:
    return set(read_archive(archive)["sha256"])


def test_lyrics_of_runs_secrets_and_halves_stay_out(config: Config, tmp_path: Path) -> None:
    run = config.data_dir / "training" / "1"
    run.mkdir(parents=True)
    for name in ("songs.jsonl", "job.json", "curve.png", "result.json"):
        (run / name).write_text("x")
    folder_of(config, "2026-11-21-1")
    folder_of(config, ".2026-11-21-2-half")
    (config.data_dir / "logs").mkdir()
    (config.data_dir / "logs" / "cypher.log").write_text("x")
    archive = tmp_path / "saved.tar.gz"
    write_backup(config, archive)
    assert names_in(archive) == {
        "cypher.db",
        "checkpoints/2026-11-21-1/manifest.json",
        "training/1/curve.png",
        "training/1/result.json",
    }
    assert archive.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("kind", "registry_of"), [("checkpoints", registry_of_verses), ("beats", registry_of_beats)]
)
def test_a_promotion_meanwhile_makes_it_copy_the_database_anew(
    config: Config,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    registry_of: Callable[[Config], CheckpointRegistry[Any]],
) -> None:
    registry, checkpoints = registry_of(config), config.data_dir / kind
    folder = checkpoints / "2026-11-21-1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    pointers = []

    def promote_meanwhile(source: Path, target: Path) -> Contents:
        pointers.append(live_name(checkpoints))
        contents = copy_database(source, target)
        registry.promote(folder)
        return contents

    monkeypatch.setattr(writing, "copy_database", promote_meanwhile)
    write_backup(config, tmp_path / "saved.tar.gz")
    assert pointers == [None, "2026-11-21-1"]
    read_archive(tmp_path / "saved.tar.gz", into=tmp_path / "in")
    assert live_name(tmp_path / "in" / kind) == "2026-11-21-1"
    assert (tmp_path / "in" / kind / "2026-11-21-1" / "manifest.json").exists()


def test_a_checkpoint_that_goes_meanwhile_is_not_in_it(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(config, "2026-11-21-1")

    def remove_meanwhile(source: Path, target: Path) -> Contents:
        contents = copy_database(source, target)
        (folder / "manifest.json").unlink()
        folder.rmdir()
        return contents

    monkeypatch.setattr(writing, "copy_database", remove_meanwhile)
    write_backup(config, tmp_path / "saved.tar.gz")
    assert names_in(tmp_path / "saved.tar.gz") == {"cypher.db"}


def test_postgresql_is_left_to_its_own_tools(config: Config, tmp_path: Path) -> None:
    database = config.database.model_copy(update={"url": "postgresql+asyncpg://user@host/cypher"})
    folder_of(config, "2026-11-21-1")
    archive = tmp_path / "saved.tar.gz"
    written = write_backup(config.model_copy(update={"database": database}), archive)
    assert written.contents is None
    assert names_in(archive) == {"checkpoints/2026-11-21-1/manifest.json"}


async def test_the_schedule_keeps_the_newest(config: Config) -> None:
    backup = config.backup.model_copy(update={"cron": "30 3 * * *", "keep": 2})
    config = config.model_copy(update={"backup": backup})
    folder = config.data_dir / "backups"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"cypher-2026010{day}-033000.tar.gz").touch()
    (folder / "mine.tar.gz").touch()
    async with BackupSchedule(config) as schedule:
        await schedule.tick()
    names = sorted(path.name for path in folder.glob("*.tar.gz"))
    assert names[0] == "cypher-20260103-033000.tar.gz"
    assert (len(names), names[-1]) == (3, "mine.tar.gz")


async def test_a_backup_that_fails_is_in_the_log_and_hurts_nobody(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    assert config.database_path is not None
    await asyncio.to_thread(config.database_path.unlink)
    async with BackupSchedule(config) as schedule:
        await schedule.tick()
    assert "No backup was written: There is no database" in caplog.text
