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

    `continues` (batch,) is False where the row begins a song, or an epoch, and the carried state
    must go.
    """

    tokens: Tensor
    targets: Tensor
    artists: Tensor
    continues: Tensor

    def to(self, device: torch.device) -> "Window":
        """The same window on `device`."""
        parts = (self.tokens, self.targets, self.artists, self.continues)
        return Window(*(part.to(device) for part in parts))


class _Flat(NamedTuple):
    """All positions of an epoch, one after another, each (positions,)."""

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
        lengths = [song.tokens.numel() for song in songs]
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
        rows = _Flat(*(part[:size].view(self._batch_size, -1) for part in self._flat(number)))
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
        shift = int(torch.randint(tokens.numel(), (), generator=generator))
        tokens, artists, starts = (part.roll(shift) for part in (tokens, artists, starts))
        return _Flat(tokens[:-1], tokens[1:], artists[:-1], starts[:-1])


def _positions(song: EncodedSong) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, artist and whether the song starts here, each (length,)."""
    starts = torch.zeros(song.tokens.numel(), dtype=torch.bool)
    starts[:1] = True
    return song.tokens, torch.full_like(song.tokens, song.artist), starts


def _filled(song: EncodedSong, window: int) -> _Flat:
    """The song's positions, filled up to whole windows."""
    tokens, artists, starts = _positions(song)
    num_filled = -tokens.numel() % window
    targets = F.pad(tokens[1:], (0, num_filled + 1), value=NO_TARGET)
    return _Flat(
        torch.cat([tokens, tokens[-1:].expand(num_filled)]),
        targets,
        torch.cat([artists, artists[-1:].expand(num_filled)]),
        F.pad(starts, (0, num_filled)),
    )
