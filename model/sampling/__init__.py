"""Choosing the next token: pure functions over (logits, parameters, noise), one row a sequence.

The order is: repetition penalty, the `NUM_CANDIDATES` best tokens, temperature, top-k, top-p,
typical, and one draw by the Gumbel-max trick; a row that cuts nothing off is drawn from the whole
vocabulary. Nothing looks past its own row, so a row's token does not depend on the rows beside it.
"""

from model.sampling.drawing import draw, draw_from_all, sample
from model.sampling.filters import (
    NUM_CANDIDATES,
    Candidates,
    apply_temperature,
    best_candidates,
    keep_top_k,
    keep_top_p,
    keep_typical,
    penalise_repetition,
)
from model.sampling.noise import gumbel, noise_streams, uniform
from model.sampling.parameters import STRATEGIES, SamplingParameters, SamplingRows

__all__ = [
    "NUM_CANDIDATES",
    "STRATEGIES",
    "Candidates",
    "SamplingParameters",
    "SamplingRows",
    "apply_temperature",
    "best_candidates",
    "draw",
    "draw_from_all",
    "gumbel",
    "keep_top_k",
    "keep_top_p",
    "keep_typical",
    "noise_streams",
    "penalise_repetition",
    "sample",
    "uniform",
]
