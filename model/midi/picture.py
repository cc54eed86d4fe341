"""The picture of a piano roll: keys, bars, and each note in the colour of its part."""

import io
from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from model.midi.picture_layout import KEYBOARD_WIDTH, LEFT, WIDTH, Box, Layout, corners
from model.midi.roll import LOWEST_PITCH, PianoRoll
from model.midi.voices import Note, Part, notes_of

_PAPER, _INK, _FAINT = "#2b2d31", "#dbdee1", "#949ba4"  # as in Discord's dark theme
_WHITE_ROW, _BLACK_ROW, _GIVEN_ROW = "#232428", "#1c1d20", "#3b3d44"
_STEP, _BEAT, _BAR = "#2b2d31", "#33353b", "#5c5f68"
_IVORY, _EBONY = "#e8e9eb", "#17181a"
# Told apart by people who see no red or no green too, and by how bright they are.
_COLOURS = {Part.MELODY: "#8fd3ff", Part.INNER: "#46a08d", Part.BASS: "#f2a93b"}
_GIVEN = 0.5  # how opaque
_DPI = 100
_MOST_NUMBERS = 20  # of bars in a row
Colour = str | tuple[float, float, float, float]
_BLACK_KEYS = frozenset({1, 3, 6, 8, 10})  # of an octave that begins at C


def draw_roll(roll: PianoRoll, *, num_prime_steps: int = 0) -> bytes:
    """A PNG. What was given, the first `num_prime_steps`, is drawn pale on light ground.

    Safe from any thread; the same roll gives the same bytes. Takes matplotlib's memory, so a
    process of its own should draw for the bot.
    """
    layout = Layout.of(roll)
    figure = Figure(figsize=(WIDTH / _DPI, layout.height / _DPI), dpi=_DPI, facecolor=_PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(layout.height, 0)
    notes = notes_of(roll)
    given = min(max(num_prime_steps, 0), len(roll))
    for row in range(layout.num_rows):
        _draw_ground(axes, layout, row, given)
        _draw_grid(axes, layout, row, roll.steps_per_beat)
        _draw_keyboard(axes, layout, row)
    _draw_notes(axes, layout, notes, given)
    _draw_legend(axes, layout, notes, given)
    png = io.BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _fill(axes: Axes, boxes: Iterable[Box], colour: Colour, **style: Any) -> None:
    style = {"linewidths": 0, "antialiased": False} | style
    polygons = PolyCollection(list(corners(boxes)), facecolors=colour, **style)
    axes.add_collection(polygons, autolim=False)


def _is_black(key: int) -> bool:
    return (key + LOWEST_PITCH) % 12 in _BLACK_KEYS


def _draw_ground(axes: Axes, layout: Layout, row: int, given: int) -> None:
    steps = layout.row_steps(row)
    left, right = layout.x(steps.start, row), layout.x(steps.stop, row)

    def across(key: int) -> Box:
        return left, layout.y(key + 1, row), right, layout.y(key, row)

    top, bottom = layout.y(layout.keys.stop, row), layout.y(layout.keys.start, row)
    _fill(axes, [(left, top, right, bottom)], _WHITE_ROW)
    _fill(axes, [across(key) for key in layout.keys if _is_black(key)], _BLACK_ROW)
    if steps.start < given:
        end = layout.x(min(given, steps.stop), row)
        _fill(axes, [(left, top, end, bottom)], _GIVEN_ROW, alpha=0.55)


def _draw_grid(axes: Axes, layout: Layout, row: int, steps_per_beat: int) -> None:
    steps = layout.row_steps(row)
    top, bottom = layout.y(layout.keys.stop, row), layout.y(layout.keys.start, row)
    bars = range(steps.start, steps.stop + 1, layout.steps_per_bar)
    beats = [layout.x(step, row) for step in range(steps.start, steps.stop + 1, steps_per_beat)]
    octaves = [layout.y(key, row) for key in layout.keys if (key + LOWEST_PITCH) % 12 == 0]
    axes.hlines(octaves, LEFT, layout.x(steps.stop, row), color=_BEAT, linewidth=1)
    if len(bars) <= _MOST_NUMBERS:
        axes.vlines(beats, top, bottom, color=_BEAT, linewidth=0.8)
    axes.vlines([layout.x(bar, row) for bar in bars], top, bottom, color=_BAR, linewidth=1.4)
    for bar in bars[: -1 : -(-len(bars) // _MOST_NUMBERS)]:
        number = str(bar // layout.steps_per_bar + 1)
        axes.text(layout.x(bar, row) + 3, top - 8, number, color=_FAINT, fontsize=10.5)


def _draw_keyboard(axes: Axes, layout: Layout, row: int) -> None:
    """White keys meet in the middle of the black ones, as the rows of a roll have one height."""
    left, right = LEFT - KEYBOARD_WIDTH, LEFT - 3
    keys = layout.keys
    _fill(axes, [(left, layout.y(keys.stop, row), right, layout.y(keys.start, row))], _IVORY)
    black = [key for key in keys if _is_black(key)]
    short = left + (right - left) * 0.62
    edges = [layout.y(key + 0.5, row) for key in black]
    edges += [layout.y(key, row) for key in keys if (key + LOWEST_PITCH) % 12 in (0, 5)]
    axes.hlines(edges, left, right, color=_FAINT, linewidth=0.7)
    boxes = [(left, layout.y(key + 1, row), short, layout.y(key, row)) for key in black]
    _fill(axes, boxes, _EBONY, zorder=3)
    for key in keys:
        if (key + LOWEST_PITCH) % 12 == 0:
            name = f"C{(key + LOWEST_PITCH) // 12 - 1}"
            place = left - 6, layout.y(key + 0.5, row)
            axes.text(*place, name, color=_INK, fontsize=10.5, ha="right", va="center")


def _draw_notes(axes: Axes, layout: Layout, notes: list[Note], given: int) -> None:
    """A note that goes on where the given part ends is drawn in two."""
    line = 1 if layout.is_roomy else 0
    for part, colour in _COLOURS.items():
        old, new = list[Box](), list[Box]()
        for note in notes:
            if note.part is part:
                old += layout.boxes(note.key, note.start, min(note.end, given))
                new += layout.boxes(note.key, max(note.start, given), note.end)
        _fill(axes, new, colour, zorder=3)
        face = to_rgba(colour, _GIVEN)
        _fill(axes, old, face, edgecolors=colour, linewidths=line, antialiased=True, zorder=3)


def _draw_legend(axes: Axes, layout: Layout, notes: list[Note], given: int) -> None:
    """Names of the parts that occur, in a line at the bottom."""
    x, y = LEFT, layout.height - 22
    used = {note.part for note in notes}
    labels = [(part.value, colour, 1.0) for part, colour in _COLOURS.items() if part in used]
    if given:
        labels.append(("given", _INK, _GIVEN))
    if not notes:
        axes.text(x, y, "silence", color=_INK, fontsize=11.5, va="center_baseline")
        return
    for label, colour, alpha in labels:
        face = to_rgba(colour, alpha)
        _fill(axes, [(x, y - 8, x + 22, y + 6)], face, edgecolors=colour, linewidths=1.4)
        axes.text(x + 30, y, label, color=_INK, fontsize=11.5, va="center_baseline")
        x += 130
