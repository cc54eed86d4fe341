"""Frozen settings of the network, of training and of fine-tuning, checked when they are built."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal, Self, get_args

from model.errors import ConfigError

Unit = Literal["character", "word", "bpe"]
Cell = Literal["rnn", "gru", "lstm", "mogrifier"]
Features = Literal["embedding", "one-hot"]
Conditioning = Literal["none", "concat", "initial-state", "film"]
FrameOutputKind = Literal["bernoulli", "nade"]

UNITS: tuple[Unit, ...] = get_args(Unit)
CELLS: tuple[Cell, ...] = get_args(Cell)
FEATURES: tuple[Features, ...] = get_args(Features)
CONDITIONINGS: tuple[Conditioning, ...] = get_args(Conditioning)
FRAME_OUTPUTS: tuple[FrameOutputKind, ...] = get_args(FrameOutputKind)


class _Config:
    """Checks that several settings share, and building from a mapping."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Unknown keys are an error, missing ones take their default."""
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        if unknown := sorted(set(values) - known):
            raise ConfigError(f"{cls.__name__} has no setting named {', '.join(unknown)}.")
        return cls(**values)

    def _require_at_least(self, minimum: float, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if not value >= minimum:
                raise ConfigError(f"{name} must be at least {minimum}, not {value}.")

    def _require_above_zero(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if not value > 0:
                raise ConfigError(f"{name} must be above 0, not {value}.")

    def _require_share(self, *names: str) -> None:
        for name in names:
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise ConfigError(f"{name} must lie in [0, 1), not {value}.")

    def _require_choice(self, name: str, choices: Iterable[str]) -> None:
        value = getattr(self, name)
        if value not in tuple(choices):
            raise ConfigError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkConfig(_Config):
    """What every recurrent network here is made of: its cells, its sizes and its dropout rates.

    `features` is what a position is to the first layer and `conditioning` how the artist is told
    (of a beat: the style). `attention_window` is how many past positions the output may look back
    to (0: none). `weight_dropout` drops recurrent weights; the other three drop features. Defaults
    are what served lyrics best in the comparisons of docs/models.md.
    """

    num_artists: int
    cell: Cell = "lstm"
    features: Features = "embedding"
    conditioning: Conditioning = "concat"
    layer_norm: bool = True
    residual: bool = True
    attention_window: int = 0
    mogrifier_rounds: int = 4
    embedding_size: int = 256
    artist_size: int = 64
    hidden_size: int = 512
    num_layers: int = 2
    input_dropout: float = 0.1
    hidden_dropout: float = 0.15
    output_dropout: float = 0.15
    weight_dropout: float = 0.05

    def __post_init__(self) -> None:
        self._require_choice("cell", CELLS)
        self._require_choice("features", FEATURES)
        self._require_choice("conditioning", CONDITIONINGS)
        sizes = ("embedding_size", "artist_size", "hidden_size", "num_layers", "mogrifier_rounds")
        self._require_at_least(1, "num_artists", *sizes)
        self._require_at_least(0, "attention_window")
        self._require_share("input_dropout", "hidden_dropout", "output_dropout", "weight_dropout")

    @property
    def artist_features(self) -> int:
        """Width of an artist's vector: 0 where the artist is not told."""
        return 0 if self.conditioning == "none" else self.artist_size

    @property
    def begins_afresh(self) -> bool:
        """Whether each song must start from a first state of its own while training, too."""
        return self.conditioning == "initial-state"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig(NetworkConfig):
    """What a `LyricModel` is made of.

    `unit` is what a token stands for; `tied_output` scores tokens by their own embedding.
    `embedding_dropout` drops whole tokens of the vocabulary.
    """

    vocab_size: int
    unit: Unit = "bpe"
    tied_output: bool = True
    embedding_dropout: float = 0.0

    def __post_init__(self) -> None:
        NetworkConfig.__post_init__(self)
        self._require_choice("unit", UNITS)
        self._require_at_least(1, "vocab_size")
        self._require_share("embedding_dropout")
        if self.features == "one-hot" and self.tied_output:
            raise ConfigError(
                "One-hot features have no embedding to tie the output to; "
                "set tied_output to false or features to embedding."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameModelConfig(NetworkConfig):
    """What a `FrameModel` is made of, which writes piano rolls a frame at a time.

    With the output "bernoulli" the keys of a frame are drawn apart from each other, with "nade"
    (Larochelle & Murray 2011) one after the other, each told of those before through `nade_size`
    hidden units. `grid_steps` above 0 tells the network where in a bar of so many steps it is.
    One-hot features give the first layer the keys themselves.
    """

    num_keys: int = 88
    grid_steps: int = 0
    output: FrameOutputKind = "nade"
    nade_size: int = 64

    def __post_init__(self) -> None:
        NetworkConfig.__post_init__(self)
        self._require_choice("output", FRAME_OUTPUTS)
        self._require_at_least(1, "num_keys", "nade_size")
        self._require_at_least(0, "grid_steps")

    @property
    def begins_afresh(self) -> bool:
        return True  # nothing in a frame says that another piece begins

    @property
    def frame_width(self) -> int:
        """What the network reads at each step: the keys, then the place in the bar."""
        return self.num_keys + self.grid_steps


DROPOUTS = tuple(field.name for field in fields(ModelConfig) if field.name.endswith("dropout"))
"""The settings of a network that matter in training alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingConfig(_Config):
    """How long, how fast and in what order a model is trained.

    Training ends when `max_epochs`, `max_minutes` or `max_updates` (0: no limit) is used up, or
    after `patience` validations without a new best. `num_validations` above 0 spreads that many
    evenly over the run, however many epochs it has. The learning rate warms up, holds, and falls
    along a half cosine. `activation_regularisation` and `temporal_regularisation` are the weights
    of AR and TAR (Merity et al. 2018). `average_decay` above 0 measures and keeps an exponential
    average of the weights. `gradient_checkpointing` computes twice to need less memory.
    `keep_checkpoints` is how many of the best validations keep their checkpoint.
    """

    batch_size: int = 16
    window: int = 64
    learning_rate: float = 3e-3
    final_learning_rate: float = 1e-5
    warmup_fraction: float = 0.01
    hold_fraction: float = 0.0
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    label_smoothing: float = 0.0
    activation_regularisation: float = 0.0
    temporal_regularisation: float = 0.0
    average_decay: float = 0.0
    gradient_checkpointing: bool = False
    max_epochs: float = 20.0
    max_minutes: float = 0.0
    max_updates: int = 0
    validations_per_epoch: int = 1
    num_validations: int = 0
    patience: int = 6
    keep_checkpoints: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        counts = ("batch_size", "window", "validations_per_epoch", "patience", "keep_checkpoints")
        self._require_at_least(1, *counts)
        self._require_above_zero("learning_rate", "max_gradient_norm", "max_epochs")
        self._require_at_least(0, "final_learning_rate", "weight_decay", "max_minutes")
        self._require_at_least(0, "activation_regularisation", "temporal_regularisation")
        self._require_at_least(0, "max_updates", "num_validations")
        self._require_share("warmup_fraction", "hold_fraction", "label_smoothing", "average_decay")
        if self.final_learning_rate > self.learning_rate:
            raise ConfigError(
                "final_learning_rate must be at most learning_rate, which is "
                f"{self.learning_rate}, not {self.final_learning_rate}."
            )
        if self.warmup_fraction + self.hold_fraction >= 1:
            raise ConfigError(
                "warmup_fraction and hold_fraction must leave a part of the run for the fall."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class FinetuneConfig(_Config):
    """How a checkpoint learns new songs: the rows of their artists, then its layers, with replay.

    A handful of songs is read again and again until an epoch has `min_epoch_tokens` of them, and
    `replay_share` is the part of the text read that is not new. A stage of 0 epochs is left out.
    With `distillation` the replay teaches what the live checkpoint holds likely at each place, not
    its tokens alone (Li & Hoiem 2016); with `freeze_vocabulary` what has a row for each token stays
    as it is. Weights that lose more than `max_loss_on_others` bits per character on held-out replay
    are not kept; with `interpolation`, training goes on beyond that and is then pulled back along
    the straight line to where its last stage began (WiSE-FT, Wortsman et al. 2022). `average_decay`
    above 0 averages the weights of that stage. `max_minutes` bounds all stages together.

    Where there are judged verses, a last stage reads each of them `votes_epochs` times, as
    `votes_share` of what it reads; the rest is replay and new songs. It should be large: many steps
    of few verses each learn them by heart. What has a row for each token stays as it is.
    `votes_beta` is that of KTO: how soon a verse has moved enough.
    """

    artist_learning_rate: float = 1e-2
    artist_epochs: float = 3.0
    learning_rate: float = 3e-4
    epochs: float = 4.0
    average_decay: float = 0.0
    freeze_vocabulary: bool = True
    distillation: bool = True
    interpolation: bool = True
    replay_share: float = 0.5
    min_epoch_tokens: int = 4_000
    max_loss_on_others: float = 0.01
    votes_share: float = 0.85
    votes_epochs: float = 2.0
    votes_learning_rate: float = 1e-3
    votes_beta: float = 0.1
    batch_size: int = 8
    window: int = 64
    max_minutes: float = 30.0
    seed: int = 0

    def __post_init__(self) -> None:
        self._require_at_least(1, "batch_size", "window", "min_epoch_tokens")
        rates = ("artist_learning_rate", "learning_rate", "votes_learning_rate")
        self._require_above_zero(*rates, "votes_beta", "votes_epochs", "max_minutes")
        self._require_at_least(0, "artist_epochs", "epochs", "max_loss_on_others")
        self._require_share("replay_share", "votes_share", "average_decay")
        if not self.artist_epochs and not self.epochs:
            raise ConfigError(
                "artist_epochs and epochs must not both be 0, or nothing would be learned."
            )
