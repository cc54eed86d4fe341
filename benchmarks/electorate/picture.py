"""The picture of an electorate: what became of each figure, by what the voters liked."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.electorate.likes import LIKES
from benchmarks.electorate.trial import Trial

_PLAIN, _SEARCHED = "#e8710a", "#0b5fa5"
_BOUND = 0.02


def draw(trials: Sequence[Trial], path: str) -> None:
    """A PNG: a panel for each figure, and one for what held-out songs cost more."""
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, len(LIKES) + 1, sharey=True)
    places = range(len(trials))
    for axes, name in zip(panels[:-1], LIKES, strict=True):
        for offset, colour, label in ((-0.18, _PLAIN, "sampled"), (0.18, _SEARCHED, "searched")):
            changes = [(t.plain if label == "sampled" else t.searched)[name] for t in trials]
            axes.barh(
                [place + offset for place in places],
                [each.change for each in changes],
                0.34,
                xerr=[each.error for each in changes],
                color=colour,
                label=label,
                error_kw={"elinewidth": 1},
            )
        axes.set_title(name)
        axes.set_xlabel("change, standard deviations")
        _dress(axes)
    _draw_bits(panels[-1], trials)
    panels[0].set_yticks(list(places), [trial.name for trial in trials])
    panels[0].set_ylabel("the voters like")
    panels[0].invert_yaxis()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=2, frameon=False)
    handles, labels = panels[-1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower right", ncols=2, frameon=False)
    figure.savefig(path, dpi=120)


def _draw_bits(axes: Axes, trials: Sequence[Trial]) -> None:
    changes = [trial.held_out[1] - trial.held_out[0] for trial in trials]
    of_target = [trial.held_out_target[1] - trial.held_out_target[0] for trial in trials]
    axes.barh([n - 0.18 for n in range(len(trials))], changes, 0.34, color="#4d4d4d", label="all")
    axes.barh(
        [n + 0.18 for n in range(len(trials))],
        of_target,
        0.34,
        color="#9e9e9e",
        label="first artist",
    )
    axes.axvline(_BOUND, color="#c2185b", linestyle="--", linewidth=1)
    axes.set_title("held-out songs")
    axes.set_xlabel("bits per character lost")
    _dress(axes)


def _dress(axes: Axes) -> None:
    axes.axvline(0, color="#80848e", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
