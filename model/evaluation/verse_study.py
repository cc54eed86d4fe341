"""The same verses by the search and by plain sampling, and real ones of the same artists."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.craft import FREE
from model.engine import Precision
from model.evaluation.perplexity import total_score
from model.evaluation.pieces import PIECE_LINES, cut_into_pieces
from model.evaluation.scheme import SCHEMES
from model.evaluation.verses import Judges, Piece
from model.search import VersePlan, write_verses
from model.search.score import Weights
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
    weights: Weights = field(default_factory=Weights)

    def scheme_of(self, checkpoint: Checkpoint, number: int) -> str:
        """Of verse `number`; "" where it is free."""
        artist = self.artists[number % len(self.artists)]
        scheme = self.scheme
        if scheme == OWN:
            scheme = checkpoint.craft.habits_of(artist).scheme
        elif scheme == EACH:
            scheme = SCHEMES[number // len(self.artists) % len(SCHEMES)]
        return "" if scheme == FREE else scheme


def plans_of(study: VerseStudy, checkpoint: Checkpoint) -> list[VersePlan]:
    """The verses of a study, as the search is asked for them."""
    plans = []
    for number in range(study.count):
        artist = study.artists[number % len(study.artists)]
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
                scheme=study.scheme_of(checkpoint, number),
                num_candidates=study.num_candidates,
            )
        )
    return plans


def write_searched(
    checkpoint: Checkpoint, plans: Sequence[VersePlan], weights: Weights, precision: Precision
) -> list[str]:
    """The verses by the search, in the order of the plans."""
    return [each.text for each in write_verses(checkpoint, plans, precision, weights)]


def write_plainly(
    checkpoint: Checkpoint, plans: Sequence[VersePlan], precision: Precision
) -> list[str]:
    """The same verses by sampling alone, one token after another."""
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
            Piece(artist, piece, "" if scheme == FREE else scheme)
            for song in own
            for piece in cut_into_pieces(song.text)
        ]
        random.Random(0).shuffle(by_artist[artist])
    share = -(-count // len(artists))
    return [piece for pieces in by_artist.values() for piece in pieces[:share]][:count]


def study_verses(
    checkpoint: Checkpoint,
    study: VerseStudy,
    judges: Judges,
    real: Sequence[Piece],
    precision: Precision = "auto",
    on_stage: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """`verses`, `plain` and `real`: the fields of VerseFigures, `bits_per_character` and, of what
    was written here, `seconds` and `texts`.
    """
    plans = plans_of(study, checkpoint)
    report: dict[str, Any] = {}
    for name in ("verses", "plain", "real"):
        on_stage(name)
        started = time.perf_counter()
        if name == "real":
            pieces = list(real)
        else:
            texts = (
                write_searched(checkpoint, plans, study.weights, precision)
                if name == "verses"
                else write_plainly(checkpoint, plans, precision)
            )
            pieces = [
                Piece(study.artists[number % len(study.artists)], text, plan.scheme)
                for number, (plan, text) in enumerate(zip(plans, texts, strict=True))
            ]
        seconds = time.perf_counter() - started
        report[name] = {
            **asdict(judges.judge(pieces, are_real=name == "real")),
            "bits_per_character": bits_per_character(checkpoint, pieces),
        }
        if name != "real":
            report[name] |= {"seconds": seconds, "texts": [piece.text for piece in pieces]}
    return report


def bits_per_character(checkpoint: Checkpoint, pieces: Sequence[Piece]) -> float:
    songs = [Song(each.artist, str(number), each.text, "und") for number, each in enumerate(pieces)]
    encoded = encode_songs(songs, checkpoint.artists, checkpoint.tokenizer)
    return total_score(checkpoint.model, encoded).bits_per_character
