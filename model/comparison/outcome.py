"""How a run of a comparison ended: with figures, or with the reason why there are none."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some text under the best weights, without dropout; perplexity is per token."""

    bits_per_character: float
    perplexity: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run has reached and what it has cost.

    `seconds` are of training with its validations, the speeds are averages over these;
    `peak_memory_mb` is of training alone, the program included, None where the system does not
    tell.
    """

    held_out: Figures
    train: Figures
    validation_bits_per_character: float
    num_parameters: int
    vocab_size: int
    updates: int
    epochs: float
    seconds: float
    tokens_per_s: float
    characters_per_s: float
    peak_memory_mb: float | None
    sample: str

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """What `asdict` made of one."""
        held_out, train = Figures(**values["held_out"]), Figures(**values["train"])
        return cls(**{**values, "held_out": held_out, "train": train})


@dataclass(frozen=True, slots=True)
class Failed:
    """`is_final` where the same run would fail again, so that it is not repeated."""

    reason: str
    is_final: bool = True


Outcome = Measured | Failed


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """Figures with `error` None, or `error` alone."""
    if isinstance(outcome, Failed):
        return {"error": outcome.reason}
    return {"error": None, **asdict(outcome)}


def outcome_from_dict(values: dict[str, Any]) -> Outcome:
    """What `outcome_to_dict` made."""
    figures = dict(values)
    error = figures.pop("error")
    return Measured.from_dict(figures) if error is None else Failed(error)
