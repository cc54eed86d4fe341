"""What the sampling defaults do to verses, beside held-out songs: invented words, copying, variety.

Needs the corpus that the checkpoint was trained on: what is a word, and what is copied, is
measured against its training split.
"""

import argparse
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import read_songs
from model.corpus.dataset import select_split
from model.corpus.song import Song
from model.sampling import SamplingParameters
from model.verse import build_engine, build_request, read_verse

SEEDS = ("slim", "the river", "tonight", "my money", "old friend", "winter", "a king", "dance")
NUM_LINES = 8
NUM_ARTISTS = 12
MAX_RUN = 20
GRID = [
    SamplingParameters(temperature, 0, top_p, penalty)
    for temperature, top_p, penalty in (
        *((0.6, 0.9, 1.2), (0.7, 0.9, 1.2), (0.8, 0.9, 1.2), (0.9, 0.9, 1.2), (1.0, 0.9, 1.2)),
        *((0.7, 1.0, 1.2), (0.7, 0.95, 1.2), (0.7, 0.9, 1.0), (0.7, 0.9, 1.5), (1.0, 1.0, 1.0)),
    )
]
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)*")


@dataclass(frozen=True, slots=True)
class Figures:
    """Averages over verses; shares between 0 and 1.

    `unknown_words`: words that the training split does not hold. `distinct_pairs`: pairs of
    neighbouring words that occur once among all pairs. `longest_copy`: the longest run of words
    that stands in the training split.
    """

    unknown_words: float
    distinct_pairs: float
    longest_copy: float
    words_per_line: float


class Reference:
    """The words and runs of words of the training split."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._runs: set[int] = set()
        for text in texts:
            words = words_of(text)
            self._words.update(words)
            for length in range(2, MAX_RUN + 1):
                self._runs.update(hash(run) for run in _runs(words, length))

    def measure(self, verses: Sequence[str]) -> Figures:
        words = [words_of(verse) for verse in verses]
        everything = [word for verse in words for word in verse]
        pairs = [pair for verse in words for pair in _runs(verse, 2)]
        num_lines = sum(bool(line.strip()) for verse in verses for line in verse.split("\n"))
        return Figures(
            sum(word not in self._words for word in everything) / len(everything),
            len(set(pairs)) / len(pairs),
            sum(self._longest_copy(verse) for verse in words) / len(words),
            len(everything) / num_lines,
        )

    def _longest_copy(self, words: list[str]) -> int:
        lengths = range(2, MAX_RUN + 1)
        return max(
            (n for n in lengths if any(hash(r) in self._runs for r in _runs(words, n))), default=1
        )


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str], length: int) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + length]) for start in range(len(words) - length + 1)]


def add_command(commands: Any) -> None:
    parser = commands.add_parser("sampling", help="invented words, copies and variety by setting")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--json", action="store_true", help="print one JSON object a setting")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    console = Console(stderr=True)
    checkpoint = load_checkpoint(options.checkpoint)
    english = [s for s in read_songs(options.corpus, None, console) if s.language == "en"]
    reference = Reference(song.text for song in select_split(english, "train"))
    artists = _artists(checkpoint)
    rows = {"held-out songs": reference.measure(_held_out(english, artists))}
    for sampling in GRID:
        name = f"{sampling.temperature} · {sampling.top_p} · {sampling.repetition_penalty}"
        rows[name] = reference.measure(_verses(checkpoint, artists, sampling))
    if options.json:
        print(json.dumps({name: _as_dict(figures) for name, figures in rows.items()}))
    else:
        _print_table(rows)
    return 0


def _artists(checkpoint: Checkpoint) -> list[str]:
    pairs = zip(checkpoint.artists, checkpoint.languages, strict=True)
    english = [artist for artist, language in pairs if language == "en"]
    return english[:: max(1, len(english) // NUM_ARTISTS)][:NUM_ARTISTS]


def _held_out(songs: Sequence[Song], artists: Sequence[str]) -> list[str]:
    """The first lines of test songs, as many verses an artist as are written."""
    verses: list[str] = []
    for artist in artists:
        own = [song for song in select_split(songs, "test") if song.artist == artist]
        verses += ["\n".join(song.text.split("\n")[:NUM_LINES]) for song in own[: len(SEEDS)]]
    return verses


def _verses(
    checkpoint: Checkpoint, artists: Sequence[str], sampling: SamplingParameters
) -> list[str]:
    tokenizer = checkpoint.tokenizer
    engine = build_engine(checkpoint)
    seeds: dict[int, str] = {}
    for artist in artists:
        for seed in SEEDS:
            request = build_request(
                tokenizer,
                seed=seed,
                artist=checkpoint.artists.index(artist),
                lines=NUM_LINES,
                sampling=sampling,
                rng_seed=len(seeds),
            )
            seeds[engine.add(request)] = seed
    verses: list[str] = []
    while engine.has_work:
        verses += [
            read_verse(tokenizer, seeds[done.sequence_id], done.tokens) for done in engine.step()
        ]
    return verses


def _as_dict(figures: Figures) -> dict[str, float]:
    names = ("unknown_words", "distinct_pairs", "longest_copy", "words_per_line")
    return {name: round(getattr(figures, name), 4) for name in names}


def _print_table(rows: dict[str, Figures]) -> None:
    table = Table(
        "temperature · top-p · penalty",
        "unknown words",
        "distinct pairs",
        "longest copy",
        "words a line",
    )
    for name, figures in rows.items():
        table.add_row(
            name,
            f"{figures.unknown_words:.1%}",
            f"{figures.distinct_pairs:.2f}",
            f"{figures.longest_copy:.1f}",
            f"{figures.words_per_line:.1f}",
        )
    Console().print(table)
