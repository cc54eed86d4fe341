"""Two checkpoints on the same text: what one gains on the other, and how sure that is.

Both read the same tokens, so their difference is known far better than either figure: what is hard
to guess is hard for both.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import window_nats
from model.network.recurrent_model import RecurrentModel

_BLOCK = 16  # tokens, of which neighbours depend on each other more than blocks do
_READ_TOGETHER = 8  # songs: as many as fit into a bot's memory


@dataclass(frozen=True, slots=True)
class PairedFigures:
    """Bits per character of both. `standard_error` is that of their difference, None where there is
    too little text to tell.
    """

    live: float
    candidate: float
    num_characters: int
    standard_error: float | None


def compare_by_artist(
    live: RecurrentModel[Any],
    candidate: RecurrentModel[Any],
    songs: Sequence[EncodedSong],
    step_aside: Callable[[], None] = lambda: None,
) -> dict[int, PairedFigures]:
    """By the number of the artist; whoever has no text in `songs` is left out.

    `step_aside` is called between batches.
    """
    nats = [_token_nats(model, songs, step_aside) for model in (live, candidate)]
    of_artist: dict[int, list[int]] = {}
    for index, song in enumerate(songs):
        of_artist.setdefault(song.artist, []).append(index)
    return {
        artist: _figures(
            [songs[index] for index in indices],
            [nats[0][index] for index in indices],
            [nats[1][index] for index in indices],
        )
        for artist, indices in of_artist.items()
    }


def by_name(
    figures: Mapping[int, PairedFigures], artists: Sequence[str]
) -> dict[str, PairedFigures]:
    return {artists[number]: each for number, each in figures.items()}


def _figures(
    songs: Sequence[EncodedSong], live: Sequence[Tensor], candidate: Sequence[Tensor]
) -> PairedFigures:
    num_characters = sum(song.num_characters for song in songs)
    spelling = sum(song.spelling_nats for song in songs)
    blocks = torch.cat(
        [_block_sums(after - before) for before, after in zip(live, candidate, strict=True)]
    )
    bits = math.log(2) * max(1, num_characters)
    return PairedFigures(
        (float(sum(each.sum() for each in live)) + spelling) / bits,
        (float(sum(each.sum() for each in candidate)) + spelling) / bits,
        num_characters,
        float(blocks.std() * len(blocks) ** 0.5) / bits if len(blocks) > 1 else None,
    )


def _block_sums(nats: Tensor) -> Tensor:
    return torch.stack([block.sum() for block in torch.split(nats, _BLOCK)])


@torch.inference_mode()
def _token_nats(
    model: RecurrentModel[Any], songs: Sequence[EncodedSong], step_aside: Callable[[], None]
) -> list[Tensor]:
    """Of each song the nats of every token after its first, in the order of `songs`."""
    order = sorted(range(len(songs)), key=lambda index: -songs[index].tokens.numel())
    nats: list[Tensor] = [torch.zeros(0)] * len(songs)
    for start in range(0, len(order), _READ_TOGETHER):
        step_aside()
        rows = order[start : start + _READ_TOGETHER]
        parts: list[list[Tensor]] = [[] for _ in rows]
        for window in window_nats(model, [songs[index] for index in rows]):
            for row, losses in enumerate(window.double().cpu()):
                parts[row].append(losses)
        for row, index in enumerate(rows):
            nats[index] = torch.cat(parts[row])[: songs[index].tokens.numel() - 1]
    return nats
