"""A figure of somebody else, and where they say so."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of a set's held-out part, a character or a frame; `minutes` None where not told.

    `kind` tells apart figures that do not compare, if there are such.
    """

    name: str
    figure: float
    unit: Literal["bits", "nats"]
    source: str
    minutes: float | None = None
    kind: str | None = None
