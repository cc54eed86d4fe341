"""The picture of a study of verses: searched, plain and real beside one another."""

from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_PANELS = {
    "rhyme_density": "rhyme density",
    "scheme_met": "scheme met",
    "voice": "artist recognised",
    "similarity_mean": "mean similarity",
    "longest_copied_run": "longest copied run",
    "bits_per_character": "bits per character",
}
_BARS = {"verses": "#0b5fa5", "plain": "#e8710a", "real": "#4d4d4d"}


def draw_verses(report: dict[str, Any], path: str) -> None:
    """A PNG of the main figures of `study_verses`; needs no display."""
    figure = Figure(figsize=(10, 5.2), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (key, title) in zip(figure.subplots(2, 3).flat, _PANELS.items(), strict=True):
        values = [report[name][key] for name in _BARS]
        bars = axes.bar(list(_BARS), values, color=list(_BARS.values()))
        axes.bar_label(bars, [f"{v:d}" if isinstance(v, int) else f"{v:.2f}" for v in values])
        axes.set_title(title)
        axes.margins(y=0.15)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
