"""import: songs from files that people have, and an account of every one that was left out."""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.import_report import ImportReport
from bot.cli.shared import Commands, add_command, read_config
from bot.store import ImportedSong, Store, migrate, open_store
from model.corpus.clean import fingerprint
from model.corpus.readers import Note, Refusal, read_corpus, size_of_corpus
from model.corpus.song import Song

_BATCH = 200  # songs in one transaction: others can write between two of them


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "import", "take in songs from files and folders", act)
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="CSV, JSON lines, text files, or folders of them",
    )
    parser.add_argument("--artist", metavar="NAME", help="whose songs, where the files do not say")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be taken, and write nothing"
    )


def act(arguments: argparse.Namespace) -> int:
    url = read_config(arguments).database.url
    console = Console()
    report = asyncio.run(_import(arguments, url, console))
    report.print(console, is_dry_run=arguments.dry_run)
    return 0 if report.num_found else 1


async def _import(arguments: argparse.Namespace, url: str, console: Console) -> ImportReport:
    report = ImportReport()
    async with _store(url, is_dry_run=arguments.dry_run) as store:
        songs = _songs(arguments, console, report)
        if arguments.dry_run:
            report.note_outcomes(await store.lyrics.import_songs(songs, dry_run=True))
            return report
        while batch := [song for song, _ in zip(songs, range(_BATCH), strict=False)]:
            report.note_outcomes(await store.lyrics.import_songs(batch))
    return report


def _songs(
    arguments: argparse.Namespace, console: Console, report: ImportReport
) -> Iterator[ImportedSong]:
    """The songs, with a progress bar over the bytes read; what is no song goes to the report."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Reading", total=size_of_corpus(arguments.paths))
        found = read_corpus(
            arguments.paths,
            artist=arguments.artist,
            on_progress=lambda num_bytes: progress.update(task, completed=num_bytes),
        )
        for each in found:
            match each:
                case Song():
                    yield _imported(each, arguments.paths)
                case Refusal():
                    report.note_refusal(each)
                case Note():
                    report.note(each)


def _imported(song: Song, paths: list[Path]) -> ImportedSong:
    return ImportedSong(
        artist=song.artist,
        title=song.title,
        text=song.text,
        fingerprint=fingerprint(song.text),
        language=song.language,
        source=", ".join(path.name for path in paths),
    )


@asynccontextmanager
async def _store(url: str, *, is_dry_run: bool) -> AsyncIterator[Store]:
    """Cypher's own; for a dry run without one, an empty one that is thrown away."""
    if not is_dry_run:
        await migrate.upgrade(url)
    elif await migrate.current_revision(url) is None:
        with tempfile.TemporaryDirectory() as folder:
            async with _store(f"sqlite+aiosqlite:///{folder}/empty.db", is_dry_run=False) as store:
                yield store
        return
    async with open_store(url) as store:
        yield store
