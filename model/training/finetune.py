"""Teaching a checkpoint new songs without losing the old: artist rows, then everything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import EncodedSong, SongStream, encode_songs
from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation.perplexity import total_score
from model.network.lyric_model import LyricModel
from model.training.holdout import hold_out
from model.training.progress import CurvePoint, RunState, TrainingProgress
from model.training.replay import sample_replay
from model.training.trainer import Trainer, TrainingHooks


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
class FinetuneResult:
    """The candidate and how it compares, on the new songs and on text of everybody else."""

    candidate: Checkpoint
    new_songs: Comparison
    artists: dict[str, Comparison]
    others: Comparison
    curve: list[CurvePoint] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FinetuneHooks:
    """Who is told what: the stage that begins, the trainer's progress, each validation."""

    on_stage: Callable[[str], None] = lambda stage: None
    on_progress: Callable[[TrainingProgress], None] = lambda progress: None
    on_validation: Callable[[CurvePoint], None] = lambda point: None


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    train: list[EncodedSong]
    held_out: list[EncodedSong]
    replay_train: list[EncodedSong]
    replay_held_out: list[EncodedSong]


def finetune(
    live: Checkpoint,
    version: str,
    songs: Sequence[Song],
    replay_songs: Sequence[Song],
    config: FinetuneConfig,
    hooks: FinetuneHooks | None = None,
) -> FinetuneResult:
    """Fine-tune a copy of `live` on `songs`, with `replay_songs` and text sampled from `live`.

    Raises CorpusError when there is nothing to learn from. `live` is left as it is.
    """
    hooks = hooks or FinetuneHooks()
    if not songs:
        raise CorpusError("There are no songs to learn from; submit or import some first.")
    grown = _grow(live, songs, version)
    hooks.on_stage("replay")
    data = _prepare(live, grown, songs, replay_songs, config)
    hooks.on_stage("artists")
    _train_artist_rows(grown.model, data, config)
    hooks.on_stage("training")
    curve = _train_everything(grown.model, data, config, hooks)
    hooks.on_stage("measuring")
    return _compare(live, grown, data, curve)


def _grow(live: Checkpoint, songs: Sequence[Song], version: str) -> Checkpoint:
    languages = {song.artist: song.language for song in songs}
    new = [artist for artist in languages if artist not in live.artists]
    return replace(
        live,
        version=version,
        parent=live.version,
        model=live.model.with_artists(_first_rows(live, [languages[artist] for artist in new])),
        artists=(*live.artists, *new),
        languages=(*live.languages, *(languages[artist] for artist in new)),
        figures={},
    )


def _first_rows(live: Checkpoint, languages: Sequence[str]) -> Tensor:
    """Where new artists start: the mean of those who write in the same language, else of all."""
    weight = live.model.artist_embedding.weight.detach()

    def mean(language: str) -> Tensor:
        same = [row for row, known in enumerate(live.languages) if known == language]
        return weight[same or slice(None)].mean(0)

    return torch.stack([mean(language) for language in languages]) if languages else weight[:0]


def _prepare(
    live: Checkpoint,
    grown: Checkpoint,
    songs: Sequence[Song],
    replay_songs: Sequence[Song],
    config: FinetuneConfig,
) -> _Data:
    train, held_out = hold_out(songs)

    def encode(some: Sequence[Song]) -> list[EncodedSong]:
        return encode_songs(some, grown.artists, grown.tokenizer)

    new_train = encode(train)
    num_new = sum(song.tokens.numel() for song in new_train)
    num_replay = max(
        config.min_replay_tokens, int(num_new * config.replay_share / (1 - config.replay_share))
    )
    known = [song for song in replay_songs if song.artist in grown.artists]
    replay = encode(known) + sample_replay(live, num_replay, seed=config.seed)
    repeats = max(
        1, round(num_replay * (1 - config.replay_share) / config.replay_share / max(1, num_new))
    )
    every_fifth = [song for index, song in enumerate(replay) if index % 5 == 0]
    rest = [song for index, song in enumerate(replay) if index % 5]
    return _Data(new_train * repeats, encode(held_out), rest, every_fifth)


def _train_artist_rows(model: LyricModel, data: _Data, config: FinetuneConfig) -> None:
    """Only rows of the artists at hand move: nobody else is read, and nothing decays."""
    for parameter in model.parameters():
        parameter.requires_grad_(parameter is model.artist_embedding.weight)
    training = TrainingConfig(
        batch_size=config.batch_size,
        window=config.window,
        learning_rate=config.artist_learning_rate,
        weight_decay=0.0,
        max_epochs=config.artist_epochs,
        max_minutes=config.max_minutes / 4,
        validations_per_epoch=1,
        seed=config.seed,
    )
    _fit_best(model, data.train, data.held_out, training, FinetuneHooks())
    model.requires_grad_(True)


def _train_everything(
    model: LyricModel, data: _Data, config: FinetuneConfig, hooks: FinetuneHooks
) -> list[CurvePoint]:
    training = TrainingConfig(
        batch_size=config.batch_size,
        window=config.window,
        learning_rate=config.learning_rate,
        weight_decay=0.0,
        max_epochs=config.epochs,
        max_minutes=config.max_minutes * 3 / 4,
        validations_per_epoch=1,
        seed=config.seed,
    )
    held_out = data.held_out + data.replay_held_out
    return _fit_best(model, data.train + data.replay_train, held_out, training, hooks).curve


def _fit_best(
    model: LyricModel,
    train: list[EncodedSong],
    held_out: list[EncodedSong],
    training: TrainingConfig,
    hooks: FinetuneHooks,
) -> RunState:
    """Train, then put the best weights back; those at the start are the first to beat."""
    best = {name: value.clone() for name, value in model.state_dict().items()}
    state = RunState(best_bits_per_character=total_score(model, held_out).bits_per_character)

    def remember(trained: LyricModel, _: RunState) -> None:
        best.update({name: value.clone() for name, value in trained.state_dict().items()})

    trainer_hooks = TrainingHooks(hooks.on_progress, hooks.on_validation, remember)
    stream = SongStream(train, training.batch_size, training.window, training.seed)
    Trainer(model, stream, held_out, training, trainer_hooks, state).fit()
    model.load_state_dict(best)
    model.eval()
    return state


def _compare(
    live: Checkpoint, grown: Checkpoint, data: _Data, curve: list[CurvePoint]
) -> FinetuneResult:
    baseline = live.model.with_artists(_first_rows(live, grown.languages[len(live.artists) :]))

    def compare(songs: list[EncodedSong]) -> Comparison:
        return Comparison(
            total_score(baseline, songs).bits_per_character,
            total_score(grown.model, songs).bits_per_character,
        )

    rows = sorted({song.artist for song in data.held_out})
    artists = {
        grown.artists[row]: compare([song for song in data.held_out if song.artist == row])
        for row in rows
    }
    return FinetuneResult(
        grown, compare(data.held_out), artists, compare(data.replay_held_out), curve
    )
