"""Canaries: verses of fixed seeds that candidate and live checkpoint both write before one decides.

The same seeds, artists and random numbers for both, through the same search, so that a difference
is one of the checkpoints. What is looked at in each verse is counted here; `gate` judges.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from zlib import crc32

from bot.moderation import ContentLevel, rules_for
from model.checkpoint import Checkpoint
from model.copyguard import CopyIndex
from model.corpus.song import Song
from model.evaluation.novelty import SuffixIndex
from model.evaluation.rhyme import rhyme_runs
from model.evaluation.scheme import end_rhyme_share
from model.evaluation.variety import distinct_n, self_repetition
from model.phonetics import split_words
from model.search import SearchedVerse, VersePlan, write_verses
from model.verse import default_sampling

SEEDS = (
    "slim", "the night", "my mother told me", "money", "I remember", "cold",
    "we were young", "the city", "o my love", "rain", "nobody", "when the lights go down",
)  # fmt: skip
CHINESE_SEEDS = (
    "月", "昨夜", "我想", "风", "故人", "春天", "城市", "江上", "酒", "夜雨", "山", "梦",
)  # fmt: skip
_SCHEME = "AABB"
_NUM_LINES = 4
_NUM_CANDIDATES = 4
_MAX_TOUCHED, _VERSES_OF_TOUCHED = 4, 4
_NUM_OTHERS = 12
_NOVEL_RUN = 4
_MOST_OF_A_VERSE = 0.5
_FEW_WORDS = 6
_FEWEST_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class VerseLook:
    """What is seen in one verse. `faults` are of "blank", "cut", "seed", "loop", "copy", "slur" and
    "explicit"; the shares lie between 0 and 1.
    """

    text: str
    faults: tuple[str, ...]
    rhyme: float  # of the pairs of lines that are to rhyme
    density: float  # vowels a word
    novel: float  # of runs of four words
    distinct: float  # of pairs of words


@dataclass(frozen=True, slots=True)
class Canary:
    """One seed by one artist. `is_touched`: the run learned songs of this artist."""

    artist: str
    seed: str
    is_touched: bool
    live: VerseLook
    candidate: VerseLook


def sing(
    live: Checkpoint,
    candidate: Checkpoint,
    songs: Sequence[Song],
    step_aside: Callable[[], None] = lambda: None,
) -> list[dict[str, object]]:
    """The verses of both and what is seen in them, as JSON.

    `live` knows every artist of `candidate`; `songs` are lyrics that are at hand, and must not be
    copied any more than those of the candidate's index.
    """
    touched = tuple(dict.fromkeys(song.artist for song in songs))
    chosen = _chosen(candidate, touched)
    known = SuffixIndex(songs)

    def looks(checkpoint: Checkpoint) -> list[VerseLook]:
        plans = [_plan(checkpoint, artist, seed) for artist, seed in chosen]
        verses = write_verses(checkpoint, plans, between_steps=step_aside)
        return [
            _look(verse, seed, candidate.copy_index, known)
            for verse, (_, seed) in zip(verses, chosen, strict=True)
        ]

    pairs = zip(chosen, looks(live), looks(candidate), strict=True)
    return [
        asdict(Canary(artist, seed, artist in touched, before, after))
        for (artist, seed), before, after in pairs
    ]


def _chosen(checkpoint: Checkpoint, touched: Sequence[str]) -> list[tuple[str, str]]:
    """Touched artists several times, and others once each, spread over all there are."""
    languages = dict(zip(checkpoint.artists, checkpoint.languages, strict=True))
    others = [artist for artist in checkpoint.artists if artist not in touched]
    stride = max(1, len(others) // _NUM_OTHERS)
    singers = [(each, n) for each in touched[:_MAX_TOUCHED] for n in range(_VERSES_OF_TOUCHED)]
    singers += [(each, 0) for each in others[::stride][:_NUM_OTHERS]]
    return [(artist, _seed_of(artist, languages[artist], number)) for artist, number in singers]


def _seed_of(artist: str, language: str, number: int) -> str:
    """An artist has the same seeds in every run, so that any two versions can be compared."""
    seeds = CHINESE_SEEDS if language.startswith("zh") else SEEDS
    return seeds[(crc32(artist.encode()) + number) % len(seeds)]


def _plan(checkpoint: Checkpoint, artist: str, seed: str) -> VersePlan:
    return VersePlan(
        artist=checkpoint.artists.index(artist),
        habits=checkpoint.craft.habits_of(artist),
        seed=seed,
        lines=_NUM_LINES,
        sampling=default_sampling(checkpoint.tokenizer),
        rng_seed=crc32(f"{artist}/{seed}".encode()),
        scheme=_SCHEME,
        num_candidates=_NUM_CANDIDATES,
    )


def _look(verse: SearchedVerse, seed: str, copies: CopyIndex, known: SuffixIndex) -> VerseLook:
    text = verse.text
    return VerseLook(
        text=text,
        faults=tuple(_faults(text, seed, copies)),
        rhyme=end_rhyme_share(text, _SCHEME),
        density=rhyme_runs(text).density,
        novel=known.novel_share(text, _NOVEL_RUN),
        distinct=distinct_n([text], 2) * (1 - self_repetition(text)),
    )


def _faults(text: str, seed: str, copies: CopyIndex) -> Iterable[str]:
    if not text.startswith(seed):
        yield "seed"
    if not split_words(text.removeprefix(seed)):
        yield "blank"
    elif sum(bool(line.strip()) for line in text.split("\n")) < _FEWEST_LINES:
        yield "cut"
    if _is_loop(text):
        yield "loop"
    if copies.first_copy(text) is not None:
        yield "copy"
    if not rules_for(ContentLevel.EXPLICIT).allows(text):
        yield "slur"
    elif not rules_for(ContentLevel.CLEAN).allows(text):
        yield "explicit"


def _is_loop(text: str) -> bool:
    """Whether a line comes again, or one word is most of the verse."""
    lines = [tuple(split_words(line.lower())) for line in text.split("\n")]
    lines = [line for line in lines if line]
    words = [word for line in lines for word in line]
    if len(set(lines)) < len(lines):
        return True
    most = max(map(words.count, set(words)), default=0)
    return len(words) >= _FEW_WORDS and most > _MOST_OF_A_VERSE * len(words)
