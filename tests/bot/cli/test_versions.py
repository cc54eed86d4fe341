"""The operator goes back without Discord, while no bot has the live version loaded."""

import asyncio
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from bot.store import NewCheckpoint, migrate, open_store
from tests.bot.cli.conftest import Run


@pytest.fixture
def two_versions(data: Path, starter: Path) -> Path:
    """Version v2 live, made from the starter."""
    data.mkdir()
    folder = data / "checkpoints" / "v2"
    shutil.copytree(starter, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": "v2"}))
    (data / "checkpoints" / "live.json").write_text('{"live": "v2", "previous": null}')
    asyncio.run(_fill(f"sqlite+aiosqlite:///{data / 'cypher.db'}", str(starter)))
    return data


async def _fill(url: str, starter: str) -> None:
    await migrate.upgrade(url)
    async with open_store(url) as store:
        await store.checkpoints.record(NewCheckpoint(version="starter-1", folder=starter))
        await store.checkpoints.promote("starter-1")
        new = NewCheckpoint(version="v2", folder="v2", parent="starter-1")
        await store.checkpoints.record(new)
        await store.checkpoints.promote("v2")


def test_versions_are_listed_and_one_is_made_live(
    run: Run, two_versions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("versions") == 0
    newest, first = capsys.readouterr().out.splitlines()
    assert newest.split()[:2] == ["v2", "live"]
    assert "from starter-1" in newest
    assert first.split()[:2] == ["starter-1", "retired"]
    assert run("rollback", "starter-1") == 0
    pointer = json.loads((two_versions / "checkpoints" / "live.json").read_text())
    assert pointer == {"live": None, "previous": "v2"}
    run("versions")
    assert "starter-1        live" in capsys.readouterr().out


@pytest.mark.parametrize("version", ["v3", "v2"])
def test_what_is_not_there_or_damaged_stays_where_it_is(
    run: Run, two_versions: Path, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (two_versions / "checkpoints" / "v2" / "weights.safetensors").write_bytes(b"")
    before = (two_versions / "checkpoints" / "live.json").read_text()
    assert run("rollback", version) == 2
    assert (two_versions / "checkpoints" / "live.json").read_text() == before
    assert "no version v3" in capsys.readouterr().err or version == "v2"


def test_while_the_bot_runs_it_says_what_to_do(
    run: Run, two_versions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beat = {"pid": os.getpid(), "time": time.time(), "ready": True}
    (two_versions / "health.json").write_text(json.dumps(beat))
    assert run("rollback", "starter-1") == 2
    assert "/model rollback" in capsys.readouterr().err
    (two_versions / "health.json").write_text(json.dumps(beat | {"pid": 2**22 + 1}))
    assert run("rollback", "starter-1") == 0  # a bot that was killed has left the file
