"""Why a verse reads as it does: what rhymes in it, whether it is new, whose voice it has."""

from dataclasses import dataclass

from bot.generation.live import LiveCheckpoint
from bot.generation.rhyme_marks import RhymeMarks, knows_rhymes, mark_rhymes
from bot.store import name_of
from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_song
from model.corpus.song import Song
from model.evaluation.perplexity import score_songs
from model.evaluation.rhyme import rhyme_density

_MAX_OTHERS = 15  # voices to compare with: each costs some 20 ms of one processor


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVerse:
    """What is asked about; `scheme` is None where none is known.

    `artist` and `mix_artist` are voices; `guild_id` is the server that asks.
    """

    text: str
    artist: str
    seed: str
    checkpoint: str
    context: str = ""
    scheme: str | None = None
    mix_artist: str | None = None
    guild_id: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Bits per character of a verse in each of its own voices, and the average of `num_others`
    that write the same language and that the asking server sees: the fewer, the likelier.

    `own` names artists as people read them.
    """

    own: tuple[tuple[str, float], ...]
    others: float
    num_others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`rhyme_density` is in vowels a word. `is_copy` says whether `run` words in a row are those of
    a lyric, as far as the seed did not bring them; None where no lyric is known to compare with.
    `likeness` is None unless the live checkpoint wrote the verse and knows others to compare with.
    """

    marks: RhymeMarks
    knows_rhymes: bool
    rhyme_density: float
    run: int
    is_copy: bool | None
    is_by_live: bool
    likeness: Likeness | None


def explain(live: LiveCheckpoint, verse: WrittenVerse) -> Explanation:
    """Takes some 0.3 s of one processor. From any thread: the model's weights are only read."""
    return Explanation(
        marks=mark_rhymes(verse.text, verse.scheme, verse.context),
        knows_rhymes=knows_rhymes(verse.text),
        rhyme_density=rhyme_density(verse.text),
        run=live.checkpoint.copy_index.max_run + 1,
        is_copy=_is_copy(live, verse),
        is_by_live=verse.checkpoint == live.version,
        likeness=_likeness(live, verse) if verse.checkpoint == live.version else None,
    )


def _is_copy(live: LiveCheckpoint, verse: WrittenVerse) -> bool | None:
    if not live.knows_lyrics:
        return None
    seed = verse.seed if verse.text.startswith(verse.seed) else ""
    before = f"{verse.context}\n{seed}" if verse.context else seed
    return live.guard(before).would_copy(verse.text[len(seed) :])


def _likeness(live: LiveCheckpoint, verse: WrittenVerse) -> Likeness | None:
    checkpoint = live.checkpoint
    voices = [verse.artist, *([verse.mix_artist] if verse.mix_artist else [])]
    known = [found for voice in voices if (found := live.roster.find(voice)) is not None]
    if len(known) < len(voices):
        return None
    own = [checkpoint.artists.index(voice) for voice in known]
    language = checkpoint.languages[own[0]]
    others = [
        row
        for row, spoken in enumerate(checkpoint.languages)
        if spoken == language
        and row not in own
        and live.roster.is_visible(checkpoint.artists[row], verse.guild_id)
    ]
    others = others[:: -(-len(others) // _MAX_OTHERS) or 1]
    if not others:
        return None
    bits = _bits_per_character(checkpoint, verse.text, [*own, *others])
    return Likeness(
        own=tuple((name_of(checkpoint.artists[row]), bits[row]) for row in own),
        others=sum(bits[row] for row in others) / len(others),
        num_others=len(others),
    )


def _bits_per_character(checkpoint: Checkpoint, text: str, rows: list[int]) -> dict[int, float]:
    encoded = [
        encode_song(Song(checkpoint.artists[row], "", text, ""), row, checkpoint.tokenizer)
        for row in rows
    ]
    scores = score_songs(checkpoint.model, encoded)
    return {row: score.bits_per_character for row, score in zip(rows, scores, strict=True)}
