"""How many rows are computed together: sizes at which a row's result does not depend on the size.

A matrix product may add in another order when it has another number of rows, and then its last bit
differs. Measured with torch 2.13.0 (MKL 2024.2, AVX-512) on `RecurrentModel.step` with hidden sizes
96, 512, 768 and 1,024, rows compared bit by bit with those of a batch of 64:

- 1 thread: 1 row (gemv) differs, and 2 and 3 rows differ; 4 to 64 rows are all equal.
- 2 threads: 1, 2 and 3 rows differ, and so do 5, 6, 7, 9, 10 and 11, which leave one thread fewer
  than 4 rows; 4, 8 and 12 to 64 are equal.
- The sizes below are equal among each other, and with 1, 2, 3 and 4 threads.

Other machines may block otherwise, so `equal_buckets` measures again whenever a runner is built (7
sizes, 0.1 s).
"""

from typing import Any

import torch
from torch import Tensor

from model.network.recurrent_model import RecurrentModel

_PROBE_SEEDS = (1, 2)


def bucket_sizes(num_slots: int) -> tuple[int, ...]:
    """4, 8, 16, 24, 32, 48, 64, 96, 128, …, up to the first that holds `num_slots` rows."""
    sizes = [4]
    while sizes[-1] < num_slots:
        sizes.append(sizes[-1] + _stride(sizes[-1]))
    return tuple(sizes)


def graph_sizes(num_slots: int) -> tuple[int, ...]:
    """16, 32, 64, …, up to the first that holds `num_slots` rows.

    For a GPU: its matrix units take sixteen rows at a time, so that fewer would save nothing, and
    each size is another graph to capture.
    """
    sizes = [16]
    while sizes[-1] < num_slots:
        sizes.append(2 * sizes[-1])
    return tuple(sizes)


def _stride(size: int) -> int:
    if size < 8:
        return 4
    return max(8, 1 << (size.bit_length() - 2))


@torch.inference_mode()
def equal_buckets(model: RecurrentModel[Any], sizes: tuple[int, ...]) -> tuple[int, ...]:
    """Those of `sizes` in which every row comes out, bit by bit, as in the largest."""
    largest = sizes[-1]
    references = [_probe(model, largest, seed)[:, :1] for seed in _PROBE_SEEDS]
    return tuple(
        size
        for size in sizes
        if size == largest
        or all(
            bool((_probe(model, size, seed) == reference).all())
            for seed, reference in zip(_PROBE_SEEDS, references, strict=True)
        )
    )


def _probe(model: RecurrentModel[Any], num_rows: int, seed: int) -> Tensor:
    """One step of `num_rows` equal random rows: all that comes out, (values, num_rows)."""
    generator = torch.Generator().manual_seed(seed)

    def equal_rows(like: Tensor, dim: int) -> Tensor:
        row = torch.randn(like.shape, generator=generator).tanh().to(like)
        return row.repeat_interleave(num_rows, dim)

    position = model.any_position(seed).unsqueeze(0)
    whose = torch.tensor([seed % model.config.num_artists], device=position.device)
    artist = model.artist_vectors(whose)
    first = model.initial_state(artist)
    state = type(first)(*(equal_rows(part, 1) for part in first))
    logits, state = model.step(
        position.expand(num_rows, *position.shape[1:]), equal_rows(artist, 0), state
    )
    return torch.cat([logits.t(), *(part.transpose(1, 2).flatten(0, 1) for part in state)])
