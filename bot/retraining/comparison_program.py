"""Draws two versions of the model: JSON from standard input, a PNG to standard output.

A program of its own, which loads nothing of the bot; see comparison_chart.
"""

import json
import sys

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_PAPER, _INK, _GRID = "#2b2d31", "#dbdee1", "#3f4147"  # as in Discord's dark theme
_CALLED = {
    "rhyme": "end rhymes",
    "density": "rhymes inside",
    "novel": "novelty",
    "distinct": "variety",
}
_COLOURS = "#5bc0eb", "#f47fff"
_INCHES, _DPI = (8.0, 3.6), 110


def main() -> None:
    values = json.load(sys.stdin)
    figure = Figure(figsize=_INCHES, dpi=_DPI, layout="constrained", facecolor=_PAPER)
    FigureCanvasAgg(figure)
    verses, votes = figure.subplots(1, 2, width_ratios=(2, 1))
    names = [_CALLED.get(name, name) for name in values["measures"]]
    for number, (version, colour) in enumerate(zip(values["names"], _COLOURS, strict=True)):
        heights = [pair[number] or 0.0 for pair in values["measures"].values()]
        places = [place + (number - 0.5) * 0.36 for place in range(len(names))]
        verses.bar(places, heights, 0.34, color=colour, label=version)
        share, low, high = values["votes"][number]
        votes.errorbar(
            [number], [share], [[share - low], [high - share]], fmt="o", color=colour, capsize=6
        )
    verses.set_xticks(range(len(names)), names)
    verses.set_title("verses of the same seeds", color=_INK, fontsize=12, loc="left")
    votes.set_xticks((0, 1), values["names"])
    votes.set_xlim(-0.6, 1.6)
    votes.set_ylim(0, 1)
    votes.set_title("share of up-votes", color=_INK, fontsize=12, loc="left")
    for axes in (verses, votes):
        axes.set_facecolor(_PAPER)
        axes.grid(color=_GRID, linewidth=0.8, axis="y")
        axes.set_axisbelow(True)
        axes.tick_params(colors=_INK, labelsize=10)
        for spine in axes.spines.values():
            spine.set_color(_GRID)
    handles, labels = verses.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=2, frameon=False, labelcolor=_INK
    )
    figure.savefig(sys.stdout.buffer, format="png")


if __name__ == "__main__":
    main()
