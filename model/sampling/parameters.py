"""How freely to draw: the parameters of one sequence or of many, and strategies by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

import torch
from torch import Tensor

MAX_TEMPERATURE = 5.0
MAX_REPETITION_PENALTY = 1000.0


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """How freely to draw. Raises ValueError with one sentence when a value is impossible.

    `temperature` 0 always takes the best token. `top_k` 0, `top_p` 1 and `typical_p` 1 keep every
    token. A token of the recent window is drawn as if it were `repetition_penalty` times less
    likely (before temperature; 1 changes nothing). With `greedy_inside_lines` only the first token
    of a line is drawn, and the best follows best from there.
    """

    temperature: float = 0.8
    top_k: int = 0
    top_p: float = 0.9
    repetition_penalty: float = 1.2
    typical_p: float = 1.0
    greedy_inside_lines: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= MAX_TEMPERATURE:
            raise ValueError(
                f"temperature must lie between 0 and {MAX_TEMPERATURE:g}, not {self.temperature}."
            )
        if self.top_k < 0:
            raise ValueError(f"top_k must be 0 (off) or a number of tokens, not {self.top_k}.")
        for name, share in (("top_p", self.top_p), ("typical_p", self.typical_p)):
            if not 0 < share <= 1:
                raise ValueError(f"{name} must lie above 0 and at most at 1 (off), not {share}.")
        if not 1 <= self.repetition_penalty <= MAX_REPETITION_PENALTY:
            raise ValueError(
                f"repetition_penalty must lie between 1 (off) and {MAX_REPETITION_PENALTY:g},"
                f" not {self.repetition_penalty}."
            )

    @property
    def is_open(self) -> bool:
        """Whether any token may be drawn, however unlikely."""
        keeps_all = self.top_k == 0 and self.top_p == 1 and self.typical_p == 1
        return keeps_all and self.temperature > 0

    @property
    def is_plain(self) -> bool:
        """Whether temperature, top-k and top-p say it all, as nearly always."""
        return self.typical_p == 1 and not self.is_open and not self.greedy_inside_lines


_WEIGHTED = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.0)

STRATEGIES: dict[str, SamplingParameters] = {
    "greedy": SamplingParameters(temperature=0.0, top_p=1.0, repetition_penalty=1.0),
    "weighted": _WEIGHTED,
    "top-n": SamplingParameters(1.0, top_k=5, top_p=1.0, repetition_penalty=1.0),
    "combined": SamplingParameters(1.0, 0, 1.0, 1.0, greedy_inside_lines=True),
    "nucleus": SamplingParameters(1.0, top_p=0.95, repetition_penalty=1.0),
    "typical": SamplingParameters(1.0, 0, 1.0, 1.0, typical_p=0.95),
}
"""The ways to choose that tutorials and papers teach, each pure: no penalty, nothing added.

"weighted" is the model's own distribution; "top-n" draws from the five best; "combined" draws at
line starts and is greedy inside; "nucleus" and "typical" have the thresholds of their papers.
"""


class SamplingRows(NamedTuple):
    """`SamplingParameters` of many sequences, each (rows,); float32 unless noted."""

    temperature: Tensor
    top_k: Tensor  # int64
    top_p: Tensor
    repetition_penalty: Tensor
    typical_p: Tensor
    greedy_inside_lines: Tensor  # bool
    is_open: Tensor  # bool

    @classmethod
    def of(cls, rows: Sequence[SamplingParameters], device: torch.device | None = None) -> Self:
        """One row for each of the parameters."""
        whole = {
            "top_k": torch.int64,
            "greedy_inside_lines": torch.bool,
            "is_open": torch.bool,
        }
        return cls(
            *(
                torch.tensor(
                    [getattr(row, name) for row in rows],
                    dtype=whole.get(name, torch.float32),
                    device=device,
                )
                for name in cls._fields
            )
        )

    def set_rows(self, rows: Tensor, parameters: Sequence[SamplingParameters]) -> None:
        """Draw `rows` (num,), int64, by one of the `parameters` each from now on."""
        for own, others in zip(self, _rows_of(tuple(parameters)), strict=True):
            own.index_copy_(0, rows, others.to(own.device, non_blocking=True))

    def at(self, is_line_start: Tensor) -> "SamplingRows":
        """How to draw this token: rows that are greedy inside lines have temperature 0 unless
        `is_line_start` (rows,).
        """
        is_greedy = self.greedy_inside_lines & ~is_line_start
        return self._replace(temperature=self.temperature.masked_fill(is_greedy, 0.0))


@lru_cache(maxsize=256)
def _rows_of(parameters: tuple[SamplingParameters, ...]) -> SamplingRows:
    """On the CPU; most verses are drawn alike, and these are only read."""
    return SamplingRows.of(parameters)
