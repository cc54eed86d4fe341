"""The picture of rhyme against likelihood."""

from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def draw(rows: Sequence[dict[str, Any]], path: str) -> None:
    """One point for each number of tries, the default ringed, and plain sampling by itself."""
    figure = Figure(figsize=(7.5, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    searched = [row for row in rows if "num_candidates" in row]
    axes.plot(
        [row["bits_per_character"] for row in searched],
        [row["rhyme_density"] for row in searched],
        "o-",
        color="#0b5fa5",
        label="tries at each line",
    )
    for row in rows:
        place = (row["bits_per_character"], row["rhyme_density"])
        is_plain = "num_candidates" not in row
        name = "plain sampling" if is_plain else row["name"]
        axes.annotate(name, place, xytext=(8, 6), textcoords="offset points")
        if is_plain:
            axes.plot(*place, "s", color="#e8710a")
        elif row["is_default"]:
            axes.plot(*place, "o", ms=16, mfc="none", mec="#c2185b", mew=2, label="default")
    axes.set_xlabel("bits per character by the plain model (left is likelier)")
    axes.set_ylabel("rhyme density, look-back 15")
    axes.margins(0.12)
    axes.legend(loc="best")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
