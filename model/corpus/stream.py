"""Songs end to end in rows, cut into windows: what truncated backpropagation reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from model.corpus.dataset import EncodedSong
from model.errors import CorpusError

NO_TARGET = -100
"""The target of a position that is only there to fill a window."""


@dataclass(frozen=True, slots=True)
class Window:
    """One training step's worth of a stream: tokens, targets and artists, each (batch, time).

    Of piano rolls, tokens and targets are frames (batch, time, frame_width). `continues` (batch,)
    is False where the row begins a song, or an epoch, and the carried state must go.
    """

    tokens: Tensor
    targets: Tensor
    artists: Tensor
    continues: Tensor

    def to(self, device: torch.device) -> "Window":
        """The same window on `device`."""
        parts = (self.tokens, self.targets, self.artists, self.continues)
        return Window(*(part.to(device) for part in parts))

    @property
    def num_targets(self) -> Tensor:
        """How many positions there are to learn from, a scalar."""
        is_target = self.targets.ne(NO_TARGET)
        return (is_target if is_target.dim() == 2 else is_target[..., 0]).sum()


class _Flat(NamedTuple):
    """All positions of an epoch, one after another, each (positions,) or (positions, width)."""

    tokens: Tensor
    targets: Tensor
    artists: Tensor
    starts: Tensor


class SongStream:
    """Songs in a new order each epoch, end to end in `batch_size` rows, cut into windows.

    With `align_songs` each song begins a window, and the rest of its last window is filled up: so
    that a state which says whose song it is can stand at the start of every song.
    """

    def __init__(
        self,
        songs: Sequence[EncodedSong],
        batch_size: int,
        window: int,
        seed: int = 0,
        *,
        align_songs: bool = False,
    ) -> None:
        self._songs = songs
        self._batch_size = batch_size
        self._window = window
        self._seed = seed
        self._align_songs = align_songs
        lengths = [len(song.tokens) for song in songs]
        num_positions = (
            sum(-(-length // window) * window for length in lengths)
            if align_songs
            else sum(lengths) - 1
        )
        if num_positions < batch_size * window:
            raise CorpusError(
                f"{sum(lengths)} tokens are too few for {batch_size} rows of {window}: "
                f"they need more than {batch_size * window}. "
                "Add songs, or use a smaller batch_size or window."
            )
        unit = window if align_songs else 1
        self._row_length = num_positions // unit // batch_size * unit

    @property
    def num_windows(self) -> int:
        """Training steps in one epoch."""
        return -(-self._row_length // self._window)

    def epoch(self, number: int, first_window: int = 0) -> Iterator[Window]:
        """The windows of epoch `number`, the same each time it is asked, from `first_window` on."""
        size = self._batch_size * self._row_length
        shape = (self._batch_size, self._row_length)
        rows = _Flat(*(part[:size].reshape(*shape, *part.shape[1:]) for part in self._flat(number)))
        for start in range(first_window * self._window, self._row_length, self._window):
            part = slice(start, min(start + self._window, self._row_length))
            continues = ~rows.starts[:, start] if start else torch.zeros(size).bool()
            yield Window(
                rows.tokens[:, part],
                rows.targets[:, part],
                rows.artists[:, part],
                continues[: self._batch_size],
            )

    def _flat(self, number: int) -> _Flat:
        generator = torch.Generator().manual_seed(self._seed * 100_003 + number)
        order = torch.randperm(len(self._songs), generator=generator).tolist()
        songs = [self._songs[index] for index in order]
        if self._align_songs:
            parts = [_filled(song, self._window) for song in songs]
            return _Flat(*(torch.cat(part) for part in zip(*parts, strict=True)))
        tokens, artists, starts = (
            torch.cat(part) for part in zip(*map(_positions, songs), strict=True)
        )
        # Where the rows begin differs from epoch to epoch, even if there is only one song.
        shift = int(torch.randint(len(tokens), (), generator=generator))
        tokens, artists, starts = (part.roll(shift, 0) for part in (tokens, artists, starts))
        return _Flat(tokens[:-1], tokens[1:], artists[:-1], starts[:-1])


def _positions(song: EncodedSong) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, artist and whether the song starts here, each of its length."""
    length = len(song.tokens)
    starts = torch.zeros(length, dtype=torch.bool)
    starts[:1] = True
    return song.tokens, torch.full((length,), song.artist), starts


def _filled(song: EncodedSong, window: int) -> _Flat:
    """The song's positions, filled up to whole windows."""
    tokens, artists, starts = _positions(song)
    num_filled = -len(tokens) % window
    no_targets = torch.full_like(tokens[:1], NO_TARGET)
    return _Flat(
        _extended(tokens, tokens[-1:], num_filled),
        _extended(tokens[1:], no_targets, num_filled + 1),
        _extended(artists, artists[-1:], num_filled),
        F.pad(starts, (0, num_filled)),
    )


def _extended(values: Tensor, last: Tensor, num_more: int) -> Tensor:
    """Values (length, …) with `last` (1, …) behind them `num_more` times."""
    return torch.cat([values, last.expand(num_more, *last.shape[1:])])
