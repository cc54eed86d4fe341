"""Songs from files into the database, with a progress bar and an account of what was left out."""

import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.import_report import ImportReport
from bot.store import ImportedSong, ImportOutcome, Store, migrate, open_store
from model.corpus.clean import fingerprint
from model.corpus.readers import Note, Refusal, read_corpus, size_of_corpus
from model.corpus.song import Song

_BATCH = 200  # songs in one transaction: others can write between two of them


@dataclass(frozen=True, slots=True)
class Import:
    paths: Sequence[Path]
    artist: str | None
    is_dry_run: bool
    console: Console
    report: ImportReport = field(default_factory=ImportReport)
    guild_id: int | None = None  # whose artists; None: those that all servers share

    async def run(self, url: str) -> ImportReport:
        """Raises DatabaseError; what is wrong with a song is in the report."""
        async with _store(url, is_dry_run=self.is_dry_run) as store:
            songs = self._songs()
            if self.is_dry_run:
                self.report.note_outcomes(await self._take_in(store, songs, dry_run=True))
                return self.report
            while batch := [song for _, song in zip(range(_BATCH), songs, strict=False)]:
                self.report.note_outcomes(await self._take_in(store, batch))
        return self.report

    async def _take_in(
        self, store: Store, songs: Iterable[ImportedSong], *, dry_run: bool = False
    ) -> list[ImportOutcome]:
        return await store.lyrics.import_songs(songs, dry_run=dry_run, guild_id=self.guild_id)

    def _songs(self) -> Iterator[ImportedSong]:
        """The songs, with a progress bar over the bytes read; what is no song is reported."""
        with Progress(console=self.console, transient=True) as progress:
            task = progress.add_task("Reading", total=size_of_corpus(self.paths))
            found = read_corpus(
                self.paths,
                artist=self.artist,
                on_progress=lambda num_bytes: progress.update(task, completed=num_bytes),
            )
            for each in found:
                match each:
                    case Song():
                        yield _imported(each, self.paths)
                    case Refusal():
                        self.report.note_refusal(each)
                    case Note():
                        self.report.note(each)


def _imported(song: Song, paths: Sequence[Path]) -> ImportedSong:
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
