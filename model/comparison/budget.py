"""What every run of a comparison may spend: an equal time or an equal number of updates."""

import re
from dataclasses import dataclass
from typing import Any, Self

from model.errors import ConfigError
from model.evaluation.curve import Axis

_FORM = re.compile(r"(?P<amount>\d+(?:\.\d+)?)(?P<unit>[smhu])")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_FOR_EVER = 1_000_000_000
# Each validation costs training time, so small budgets have fewer.
_MIN_VALIDATIONS, _MAX_VALIDATIONS = 4, 20
_SECONDS_BETWEEN = 1.5
_UPDATES_BETWEEN = 25
_LONG_S = 120  # from here on, minutes are what people think in


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds of training, its validations among them, or updates; the other one is 0."""

    seconds: float = 0.0
    updates: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "90s", "5m", "1h" or "2000u"; raises ConfigError for anything else."""
        match = _FORM.fullmatch(text.strip().lower())
        amount = float(match["amount"]) if match else 0.0
        if match is None or not amount:
            raise ConfigError(
                f"The budget {text!r} cannot be read; give seconds, minutes, hours or updates "
                "for each run: 90s, 5m, 1h or 2000u."
            )
        if match["unit"] != "u":
            return cls(seconds=amount * _SECONDS[match["unit"]])
        if not amount.is_integer():
            raise ConfigError(f"{amount:g} updates cannot be made; give a whole number.")
        return cls(updates=int(amount))

    def __str__(self) -> str:
        if self.updates:
            return f"{self.updates:,} updates"
        if self.seconds < _LONG_S:
            return f"{self.seconds:g} seconds"
        if self.seconds < 7200:
            return f"{self.seconds / 60:g} minutes"
        return f"{self.seconds / 3600:g} hours"

    @property
    def axis(self) -> Axis:
        """Over what to draw the curves of runs that spend this."""
        if self.updates:
            return "updates"
        return "seconds" if self.seconds < _LONG_S else "minutes"

    def settings(self) -> dict[str, Any]:
        """What of a TrainingConfig follows: the schedule spans the budget and nothing ends early.

        So that a run which overfits spends as much as the others; its best validation is kept.
        """
        num_wanted = max(self.updates / _UPDATES_BETWEEN, self.seconds / _SECONDS_BETWEEN)
        return {
            "max_minutes": self.seconds / 60,
            "max_updates": self.updates,
            "max_epochs": float(_FOR_EVER),
            "patience": _FOR_EVER,
            "num_validations": int(min(max(num_wanted, _MIN_VALIDATIONS), _MAX_VALIDATIONS)),
        }
