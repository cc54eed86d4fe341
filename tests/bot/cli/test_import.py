"""import: songs are taken once, and every one that is left out is accounted for."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.store import Store, open_store
from tests.bot.cli.conftest import Run

Answer = TypeVar("Answer")

SONG = "I keep the tide inside a jar of glass\nAnd let it out when the tourists pass, slowly"
OTHER = "Salt on the window, salt on the floor\nThe sea wants nothing, and then it wants more"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "songs.csv"
    path.write_text(
        "artist,song,link,text\n"
        f'Nova Brine,Jar of Glass,/a,"{SONG}"\n'
        f'Nova Brine,Jar Again,/b,"{SONG.upper()}"\n'
        f'Ole Vind,Salt,/c,"{OTHER}"\n'
        "Ole Vind,Short,/d,la\n",
        encoding="utf-8",
    )
    return path


def ask(data: Path, question: Callable[[Store], Awaitable[Answer]]) -> Answer:
    async def opened() -> Answer:
        async with open_store(f"sqlite+aiosqlite:///{data}/cypher.db") as store:
            return await question(store)

    return asyncio.run(opened())


def test_songs_are_taken_as_approved_and_the_rest_is_explained(
    run: Run, table: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", table) == 0
    printed = capsys.readouterr().out
    assert "songs.csv" in printed
    assert "too short" in printed
    for row in ("Nova Brine", "Ole Vind", "Taken", "Duplicates", "Refused"):
        assert row in printed
    approved = ask(data, lambda store: store.lyrics.approved())
    assert [(song.artist, song.title) for song in approved] == [
        ("Nova Brine", "Jar of Glass"),
        ("Ole Vind", "Salt"),
    ]


def test_a_second_import_finds_duplicates_only(
    run: Run, table: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", table)
    capsys.readouterr()
    assert run("import", table) == 0
    assert len(ask(data, lambda store: store.lyrics.approved())) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(
    run: Run, table: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", table, "--dry-run") == 0
    printed = capsys.readouterr().out
    assert "Would take" in printed
    assert "too short" in printed
    assert "nothing was written" in printed
    assert not (data / "cypher.db").exists()


def test_a_dry_run_knows_what_is_there(
    run: Run, table: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", table)
    capsys.readouterr()
    run("import", table, "--dry-run")
    rows = [line for line in capsys.readouterr().out.splitlines() if "All" in line]
    assert rows[0].split("│")[1:3] == [" All        ", "          0 "]


def test_an_artist_can_be_named_for_files_that_do_not_say(
    run: Run, tmp_path: Path, data: Path
) -> None:
    file = tmp_path / "jar.txt"
    file.write_text(SONG, encoding="utf-8")
    assert run("import", file, "--artist", "Nova Brine") == 0
    (song,) = ask(data, lambda store: store.lyrics.approved())
    assert song.artist == "Nova Brine"


def test_nothing_found_is_a_failure(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("import", tmp_path / "nowhere") == 1
    assert "nowhere" in capsys.readouterr().out
