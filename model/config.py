"""Frozen settings of the network and of its training, checked when they are built."""

from dataclasses import dataclass, fields
from typing import Any, Self

from model.errors import ConfigError


class _FromDict:
    """Build a config from a mapping; unknown keys are an error, missing ones default."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        if unknown := sorted(set(values) - known):
            raise ConfigError(f"{cls.__name__} has no setting named {', '.join(unknown)}.")
        return cls(**values)


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise ConfigError(sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig(_FromDict):
    """Sizes and dropout rates of a `LyricModel`."""

    vocab_size: int
    num_artists: int
    embedding_size: int = 256
    artist_size: int = 64
    hidden_size: int = 512
    num_layers: int = 2
    input_dropout: float = 0.1
    hidden_dropout: float = 0.2
    output_dropout: float = 0.2
    weight_dropout: float = 0.2

    def __post_init__(self) -> None:
        for name in (
            "vocab_size",
            "num_artists",
            "embedding_size",
            "artist_size",
            "hidden_size",
            "num_layers",
        ):
            _require(
                getattr(self, name) >= 1, f"{name} must be at least 1, not {getattr(self, name)}."
            )
        for name in ("input_dropout", "hidden_dropout", "output_dropout", "weight_dropout"):
            _require(
                0 <= getattr(self, name) < 1,
                f"{name} must lie in [0, 1), not {getattr(self, name)}.",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingConfig(_FromDict):
    """How long, how fast and in what order a model is trained.

    Training ends when `max_epochs` or `max_minutes` (0: no limit) is used up, or after `patience`
    validations without a new best.
    """

    batch_size: int = 32
    window: int = 64
    learning_rate: float = 3e-3
    final_learning_rate: float = 1e-5
    warmup_fraction: float = 0.01
    weight_decay: float = 0.01
    max_gradient_norm: float = 1.0
    max_epochs: float = 20.0
    max_minutes: float = 0.0
    validations_per_epoch: int = 1
    patience: int = 6
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("batch_size", "window", "validations_per_epoch", "patience"):
            _require(
                getattr(self, name) >= 1, f"{name} must be at least 1, not {getattr(self, name)}."
            )
        for name in ("learning_rate", "max_gradient_norm", "max_epochs"):
            _require(getattr(self, name) > 0, f"{name} must be above 0, not {getattr(self, name)}.")
        for name in ("final_learning_rate", "weight_decay", "max_minutes"):
            _require(
                getattr(self, name) >= 0, f"{name} must not be negative, not {getattr(self, name)}."
            )
        _require(
            self.final_learning_rate <= self.learning_rate,
            f"final_learning_rate must be at most learning_rate, which is {self.learning_rate}, "
            f"not {self.final_learning_rate}.",
        )
        _require(0 <= self.warmup_fraction < 1, "warmup_fraction must lie in [0, 1).")


@dataclass(frozen=True, kw_only=True, slots=True)
class FinetuneConfig(_FromDict):
    """How a checkpoint learns new songs: the rows of their artists, then everything, with replay.

    A handful of songs is read again and again until an epoch has `min_epoch_tokens` of them, and
    `replay_share` is the part of the text read that is not new. Weights that lose more than
    `max_loss_on_others` bits per character on held-out replay are not kept. `max_minutes` bounds
    both stages together.
    """

    artist_learning_rate: float = 1e-2
    artist_epochs: float = 3.0
    learning_rate: float = 3e-4
    epochs: float = 4.0
    replay_share: float = 0.5
    min_epoch_tokens: int = 4_000
    max_loss_on_others: float = 0.02
    batch_size: int = 8
    window: int = 64
    max_minutes: float = 30.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("batch_size", "window", "min_epoch_tokens"):
            _require(
                getattr(self, name) >= 1, f"{name} must be at least 1, not {getattr(self, name)}."
            )
        for name in (
            "artist_learning_rate",
            "artist_epochs",
            "learning_rate",
            "epochs",
            "max_minutes",
        ):
            _require(getattr(self, name) > 0, f"{name} must be above 0, not {getattr(self, name)}.")
        _require(
            0 <= self.replay_share < 1,
            f"replay_share must lie in [0, 1), not {self.replay_share}.",
        )
        _require(
            self.max_loss_on_others >= 0,
            f"max_loss_on_others must not be negative, not {self.max_loss_on_others}.",
        )
