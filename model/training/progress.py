"""What a training run tells those who watch it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

Stage = Literal["replay", "artists", "training", "interpolation", "votes", "measuring"]


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """A look at a running trainer; `loss` is in nats per token, averaged over recent steps."""

    step: int
    epoch: float
    fraction: float
    loss: float
    tokens_per_s: float
    remaining_s: float
    best_bits_per_character: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One validation: losses in nats per token, the norm before clipping; both averaged."""

    epoch: float
    step: int
    elapsed_s: float
    learning_rate: float
    train_loss: float
    bits_per_character: float
    perplexity: float
    gradient_norm: float
    tokens_per_s: float


@dataclass(slots=True)
class RunState:
    """Where a run stands, apart from its tensors; enough to go on after an interruption."""

    step: int = 0
    epoch: int = 0
    next_window: int = 0
    elapsed_s: float = 0.0
    best_bits_per_character: float | None = None
    validations_since_best: int = 0
    curve: list[CurvePoint] = field(default_factory=list)

    def to_json(self) -> str:
        """One JSON object."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, path: Path) -> Self:
        """The state that `to_json` wrote."""
        return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The state that `to_json` made, parsed."""
        return cls(**{**values, "curve": [CurvePoint(**point) for point in values["curve"]]})


@dataclass(frozen=True, slots=True)
class FinetuneProgress:
    """A look at a running fine-tune: `fraction` of the stage, `loss` in nats per token.

    `bits_per_character` is of the held-out part of the new songs.
    """

    stage: Stage
    fraction: float
    loss: float | None = None
    bits_per_character: float | None = None


@dataclass(frozen=True, slots=True)
class FinetunePoint:
    """One validation: bits per character on what is held out, of the new songs and of the others.

    `train_loss` is in nats per token, None before the first step.
    """

    stage: Stage
    elapsed_s: float
    train_loss: float | None
    new_songs: float
    others: float
