"""The same verses by the search and by plain sampling, and real ones of the same artists."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.craft import Craft
from model.engine import Precision
from model.evaluation.perplexity import total_score
from model.evaluation.pieces import PIECE_LINES, cut_into_pieces
from model.evaluation.scheme import SCHEMES
from model.evaluation.verses import Judges, Piece
from model.search import VersePlan, write_verses
from model.verse import build_engine, build_request, default_sampling, read_verse

OWN = "own"
EACH = "each"
_SEEDS = {
    "zh": ("明月", "春风", "一片", "今夜", "故人", "江上", "梦里", "黄花", "何处", "长亭"),
    "en": (
        *("The river", "Tonight", "My name", "A candle", "I never", "Under the moon"),
        *("They say", "Old money", "She walked", "When winter", "The city", "Listen"),
    ),
}
_NUM_ROWS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class VerseStudy:
    """Which verses: `count` over the artists in turn, `scheme` one of SCHEMES, OWN, EACH or FREE.

    EACH gives the four schemes in turn, OWN each artist theirs.
    """

    artists: Sequence[str]
    count: int
    scheme: str = EACH
    num_candidates: int
    rng_seed: int = 0

    def artist_of(self, number: int) -> str:
        """Of verse `number`."""
        return self.artists[number % len(self.artists)]

    def scheme_of(self, number: int, craft: Craft) -> str:
        """Of verse `number`."""
        if self.scheme == OWN:
            return craft.habits_of(self.artist_of(number)).scheme
        if self.scheme == EACH:
            return SCHEMES[number // len(self.artists) % len(SCHEMES)]
        return self.scheme


def plans_of(study: VerseStudy, checkpoint: Checkpoint) -> list[VersePlan]:
    """The verses of a study, as the search is asked for them."""
    plans = []
    for number in range(study.count):
        artist = study.artist_of(number)
        index = checkpoint.artists.index(artist)
        seeds = _SEEDS["zh" if checkpoint.languages[index] == "zh" else "en"]
        plans.append(
            VersePlan(
                artist=index,
                habits=checkpoint.craft.habits_of(artist),
                seed=seeds[number // len(study.artists) % len(seeds)],
                lines=PIECE_LINES,
                sampling=default_sampling(checkpoint.tokenizer),
                rng_seed=study.rng_seed + number,
                scheme=study.scheme_of(number, checkpoint.craft),
                num_candidates=study.num_candidates,
            )
        )
    return plans


def write_plainly(
    checkpoint: Checkpoint, plans: Sequence[VersePlan], precision: Precision = "auto"
) -> list[str]:
    """The verses by sampling alone, one token after another, in the order of the plans."""
    engine = build_engine(checkpoint, num_slots=_NUM_ROWS, precision=precision)
    numbers = {}
    for number, plan in enumerate(plans):
        request = build_request(
            checkpoint.tokenizer,
            seed=plan.seed,
            artist=plan.artist,
            lines=plan.lines,
            sampling=plan.sampling,
            rng_seed=plan.rng_seed,
        )
        numbers[engine.add(request)] = number
    verses = [""] * len(plans)
    while engine.has_work:
        for finished in engine.step():
            number = numbers[finished.sequence_id]
            text = read_verse(checkpoint.tokenizer, plans[number].seed, finished.tokens)
            lines = [line for line in text.split("\n") if line.strip()]
            verses[number] = "\n".join(lines)
    return verses


def real_pieces(
    songs: Sequence[Song], artists: Sequence[str], count: int, checkpoint: Checkpoint
) -> list[Piece]:
    """At most `count` pieces of held-out songs of the artists, as evenly as there are any."""
    by_artist: dict[str, list[Piece]] = {}
    for artist in artists:
        scheme = checkpoint.craft.habits_of(artist).scheme
        own = [song for song in songs if song.artist == artist]
        by_artist[artist] = [
            Piece(artist, piece, scheme) for song in own for piece in cut_into_pieces(song.text)
        ]
        random.Random(0).shuffle(by_artist[artist])
    share = -(-count // len(artists))
    return [piece for pieces in by_artist.values() for piece in pieces[:share]][:count]


def write_and_measure(
    checkpoint: Checkpoint,
    study: VerseStudy,
    judges: Judges,
    write: Callable[[Sequence[VersePlan]], Sequence[str]],
) -> dict[str, Any]:
    """The figures of the study's verses as `write` writes them, with `seconds` and `texts`."""
    plans = plans_of(study, checkpoint)
    started = time.perf_counter()
    texts = write(plans)
    seconds = time.perf_counter() - started
    pieces = [
        Piece(study.artist_of(number), text, plan.scheme)
        for number, (plan, text) in enumerate(zip(plans, texts, strict=True))
    ]
    return {**measure(checkpoint, judges, pieces), "seconds": seconds, "texts": [*texts]}


def measure(
    checkpoint: Checkpoint, judges: Judges, pieces: Sequence[Piece], *, are_real: bool = False
) -> dict[str, Any]:
    """The fields of VerseFigures, and `bits_per_character` of all pieces by the plain model, each
    as a song of its own.
    """
    songs = [Song(each.artist, str(number), each.text, "und") for number, each in enumerate(pieces)]
    encoded = encode_songs(songs, checkpoint.artists, checkpoint.tokenizer)
    return {
        **asdict(judges.judge(pieces, are_real=are_real)),
        "bits_per_character": total_score(checkpoint.model, encoded).bits_per_character,
    }


def study_verses(
    checkpoint: Checkpoint,
    study: VerseStudy,
    judges: Judges,
    real: Sequence[Piece],
    on_stage: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """`verses`, `plain` and `real`, each as `measure` has it."""

    def search(plans: Sequence[VersePlan]) -> list[str]:
        return [each.text for each in write_verses(checkpoint, plans)]

    report = {}
    ways: dict[str, Callable[[Sequence[VersePlan]], Sequence[str]]] = {
        "verses": search,
        "plain": partial(write_plainly, checkpoint),
    }
    for name, write in ways.items():
        on_stage(name)
        report[name] = write_and_measure(checkpoint, study, judges, write)
    on_stage("real")
    return {**report, "real": measure(checkpoint, judges, real, are_real=True)}
