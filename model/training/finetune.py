"""Teaching a checkpoint new songs without losing the old: a run from songs to candidate."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig
from model.corpus.dataset import EncodedSong
from model.corpus.song import Song
from model.errors import ConfigError, CorpusError
from model.evaluation.perplexity import Score
from model.network.recurrent_model import RecurrentModel
from model.training.finetune_choice import score_together, total
from model.training.finetune_course import FinetuneCourse
from model.training.finetune_data import prepare_data
from model.training.finetune_hooks import FinetuneHooks
from model.training.finetune_votes import JudgedVerses, VotesLearned
from model.training.preferences import JudgedVerse, encode_verses
from model.training.progress import FinetunePoint, FinetuneProgress
from model.training.replay import sample_replay

Candidate = TypeVar("Candidate")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Bits per character of the live checkpoint and of the candidate on the same held-out text."""

    live: float
    candidate: float

    @property
    def gain(self) -> float:
        """Bits per character saved; negative when the candidate is worse."""
        return self.live - self.candidate


@dataclass(frozen=True, slots=True, eq=False)
class FinetuneResult(Generic[Candidate]):
    """The candidate and how it compares, on the new songs and on text of everybody else.

    The curve begins with the live checkpoint. What there was none of, songs or votes, is None.
    """

    candidate: Candidate
    new_songs: Comparison | None
    artists: dict[str, Comparison]
    others: Comparison
    curve: list[FinetunePoint] = field(default_factory=list)
    votes: VotesLearned | None = None


def finetune(  # noqa: PLR0913 - what to learn, on top of what, and how
    live: Checkpoint,
    version: str,
    songs: Sequence[Song],
    replay_songs: Sequence[Song],
    config: FinetuneConfig,
    hooks: FinetuneHooks | None = None,
    verses: Sequence[JudgedVerse] = (),
    *,
    kin: Mapping[str, str] = MappingProxyType({}),
) -> FinetuneResult[Checkpoint]:
    """Fine-tune a copy of `live` on `songs`, with `replay_songs` and text sampled from `live`,
    and on `verses` that were liked or not. There may be songs, verses or both.

    `kin` names, for a new artist, the known one whose row it starts from.
    Raises CorpusError when there is nothing to learn from, ConfigError when nothing could learn.
    `live` is left as it is. The candidate's copy index knows these songs as well. With a memory of
    the same run that was interrupted, it goes on from its last validation.
    """
    hooks = hooks or FinetuneHooks()
    judged = encode_verses(verses, live) if config.votes_share else []
    if not songs and len(judged) < 2:
        raise CorpusError("There are no songs to learn from; submit or import some first.")
    if songs and not config.epochs and not live.model.config.artist_features:
        raise ConfigError("This network has no rows of artists to learn; set epochs above 0.")
    untaught = grow(live, songs, version, kin)
    texts = [song.text for song in (*songs, *replay_songs)]
    grown = _knowing(grow(live, songs, version, kin), songs, texts)
    sample = sampling(hooks, lambda num, hear: sample_replay(live, num, config.seed, hear))
    data = prepare_data(live, grown, songs, replay_songs, config, sample)
    with hooks.between_batches_of(grown.model), hooks.between_batches_of(untaught.model):
        lesson = JudgedVerses(live, judged, config) if len(judged) > 1 else None
        course = FinetuneCourse(grown.model, data, config, hooks, lesson)
        course.learn_artist_rows()
        course.learn_songs()
        course.learn_votes()
        hooks.on_progress(FinetuneProgress("measuring", 0.0))
        result = compared(grown, (untaught.model, grown.model), grown.artists, course)
        return replace(result, votes=lesson.outcome(grown.model) if lesson else None)


def sampling(
    hooks: FinetuneHooks,
    sample_from_live: Callable[[int, Callable[[float], None]], list[EncodedSong]],
) -> Callable[[int], list[EncodedSong]]:
    """Samples so many tokens, once for a run, and says how far that is."""

    def hear(fraction: float) -> None:
        hooks.step_aside()
        hooks.on_progress(FinetuneProgress("replay", fraction))

    def sample(num_tokens: int) -> list[EncodedSong]:
        if hooks.memory.resumed is None:
            hear(0.0)
        return hooks.memory.replay(lambda: sample_from_live(num_tokens, hear))

    return sample


def _knowing(grown: Checkpoint, songs: Sequence[Song], texts: Sequence[str]) -> Checkpoint:
    """With the songs' craft, and a copy index of all texts that are read."""
    return replace(
        grown, copy_index=grown.copy_index.add(texts), craft=grown.craft.with_songs(songs)
    )


def grow(
    live: Checkpoint,
    songs: Sequence[Song],
    version: str,
    kin: Mapping[str, str] = MappingProxyType({}),
) -> Checkpoint:
    """A copy that has a row for every artist of `songs`; see `finetune` for `kin`."""
    languages = {song.artist: song.language for song in songs}
    new = [artist for artist in languages if artist not in live.artists]
    rows = _first_rows(live, {artist: languages[artist] for artist in new}, kin)
    return replace(
        live,
        version=version,
        parent=live.version,
        model=live.model.with_artists(rows),
        artists=(*live.artists, *new),
        languages=(*live.languages, *(languages[artist] for artist in new)),
        figures={},
    )


def _first_rows(live: Checkpoint, languages: Mapping[str, str], kin: Mapping[str, str]) -> Tensor:
    """Where new artists start: with their kin, else the mean of those who write in the same
    language, else of all.
    """
    weight = live.model.artist_embedding.weight.detach()

    def mean(language: str) -> Tensor:
        same = [row for row, known in enumerate(live.languages) if known == language]
        return weight[same or slice(None)].mean(0)

    def first(artist: str, language: str) -> Tensor:
        return weight[live.artists.index(kin[artist])] if artist in kin else mean(language)

    rows = [first(artist, language) for artist, language in languages.items()]
    return torch.stack(rows) if rows else weight[:0]


def compared(
    candidate: Candidate,
    before_and_after: tuple[RecurrentModel[Any], RecurrentModel[Any]],
    artists: Sequence[str],
    course: FinetuneCourse,
) -> FinetuneResult[Candidate]:
    """What the course has made of the held-out text, by the names of its artists."""
    data = course.data

    def scores(songs: list[EncodedSong]) -> list[tuple[Score, Score]]:
        """Of each song, before and after."""
        both = (score_together(model, songs) for model in before_and_after)
        return list(zip(*both, strict=True))

    def compare(scores: Iterable[tuple[Score, Score]]) -> Comparison:
        return Comparison(*(total(each).bits_per_character for each in zip(*scores, strict=True)))

    new = scores(data.new_held_out)
    of_artist: dict[int, list[tuple[Score, Score]]] = {}
    for song, pair in zip(data.new_held_out, new, strict=True):
        of_artist.setdefault(song.artist, []).append(pair)
    by_name = {artists[row]: compare(pairs) for row, pairs in of_artist.items()}
    others = compare(scores(data.replay_held_out))
    curve = course.choice.curve
    return FinetuneResult(candidate, compare(new) if new else None, by_name, others, curve)
