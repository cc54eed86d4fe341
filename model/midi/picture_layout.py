"""Where things stand in the picture of a piano roll, in pixels from its upper left corner."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from model.midi.roll import LOWEST_PITCH, NUM_KEYS, PianoRoll

WIDTH = 1000
LEFT, RIGHT, TOP, BOTTOM = 92.0, 18.0, 40.0, 52.0
KEYBOARD_WIDTH = 40.0
_BETWEEN = 1.5  # a note and the next one of its key
_GAP = 44.0  # between two rows, for the numbers of the bars
_BARS_A_ROW = 8
_MOST_ROWS = 4
_FEWEST_KEYS = 25
_MARGIN = 2  # keys above and below the notes
_ROW_HEIGHT, _ROWS_HEIGHT = 420, 880
_KEY_HEIGHTS = 4, 14
_ROOMY = 7
_MIDDLE_C = 60 - LOWEST_PITCH

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of bars under each other, as in a score; every row shows the same keys."""

    num_steps: int
    steps_per_bar: int
    steps_per_row: int
    num_rows: int
    keys: range
    key_height: int

    @classmethod
    def of(cls, roll: PianoRoll) -> Self:
        num_bars = max(1, -(-len(roll) // roll.steps_per_bar))
        num_rows = min(_MOST_ROWS, -(-num_bars // _BARS_A_ROW))
        bars_per_row = -(-num_bars // num_rows)
        num_rows = -(-num_bars // bars_per_row)
        keys = _keys_shown(roll)
        height = _ROW_HEIGHT if num_rows == 1 else _ROWS_HEIGHT // num_rows
        return cls(
            num_steps=num_bars * roll.steps_per_bar,
            steps_per_bar=roll.steps_per_bar,
            steps_per_row=bars_per_row * roll.steps_per_bar,
            num_rows=num_rows,
            keys=keys,
            key_height=int(np.clip(height // len(keys), *_KEY_HEIGHTS)),
        )

    @property
    def is_roomy(self) -> bool:
        """Whether there is room for a line around a note."""
        return self.key_height >= _ROOMY

    @property
    def row_height(self) -> float:
        return len(self.keys) * self.key_height

    @property
    def height(self) -> float:
        return TOP + self.num_rows * (self.row_height + _GAP) - _GAP + BOTTOM

    def row_top(self, row: int) -> float:
        return TOP + row * (self.row_height + _GAP)

    def row_steps(self, row: int) -> range:
        """The steps that row shows: whole bars, the last of which may hold no more music."""
        first = row * self.steps_per_row
        return range(first, min(first + self.steps_per_row, self.num_steps))

    def x(self, step: float, row: int) -> float:
        width = WIDTH - LEFT - RIGHT
        return LEFT + (step - row * self.steps_per_row) * width / self.steps_per_row

    def y(self, key: float, row: int) -> float:
        """The lower edge of a key; of a fraction, within it."""
        return self.row_top(row) + (self.keys.stop - key) * self.key_height

    def boxes(self, key: int, start: int, end: int) -> Iterator[Box]:
        """What a note covers: a box in each row in which it sounds."""
        between = 1 if self.is_roomy else 0
        if end <= start:
            return
        for row in range(start // self.steps_per_row, self.num_rows):
            steps = self.row_steps(row)
            if end <= steps.start:
                return
            left, right = self.x(max(start, steps.start), row), self.x(min(end, steps.stop), row)
            yield (
                left,
                self.y(key + 1, row),
                max(right - _BETWEEN, left + 1),
                self.y(key, row) - between,
            )


def _keys_shown(roll: PianoRoll) -> range:
    """Those in use and a few around them; around middle C where nothing sounds."""
    used = np.flatnonzero(roll.frames.any(axis=0))
    low, high = (used[0], used[-1]) if len(used) else (_MIDDLE_C, _MIDDLE_C)
    missing = max(2 * _MARGIN, _FEWEST_KEYS - int(high - low + 1))
    low, high = int(low) - missing // 2, int(high) + missing - missing // 2
    if low < 0:
        low, high = 0, high - low
    if high >= NUM_KEYS:
        low, high = low - (high - NUM_KEYS + 1), NUM_KEYS - 1
    return range(max(low, 0), high + 1)


def corners(boxes: Iterable[Box]) -> NDArray[np.float64]:
    """Boxes as polygons: (boxes, 4 corners, x and y)."""
    edges = np.array(list(boxes), dtype=np.float64).reshape(-1, 4)
    return edges[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
