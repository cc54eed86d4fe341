"""Text sampled from a checkpoint itself, to remember a corpus that is not at hand.

Pseudo-rehearsal (Robins 1995): a model that still gives its own samples the likelihood they had has
forgotten little.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.corpus.dataset import EncodedSong
from model.network.state import RecurrentState
from model.sampling import draw_from_all

_MAX_ROWS = 64
_TOKENS_A_ROW = 400  # at least, so that songs are written to their end, not just begun
_REPORT_EVERY = 20


@torch.no_grad()
def sample_replay(
    live: Checkpoint,
    num_tokens: int,
    seed: int,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> list[EncodedSong]:
    """About `num_tokens` tokens, drawn from the model's own distribution, each artist in turn.

    Rows write song after song, so that none waits for another's end; the last of each is cut.
    `on_progress` hears the share that is done.
    """
    artists = _artists_in_turn(len(live.artists), seed)
    num_rows = max(1, min(_MAX_ROWS, num_tokens // _TOKENS_A_ROW))
    num_steps = -(-num_tokens // num_rows) + 1
    tokens, rows = _sample_rows(live, artists, num_rows, num_steps, seed, on_progress)
    songs = []
    for row, row_artists in zip(tokens.cpu(), rows.cpu(), strict=True):
        starts = row.eq(live.tokenizer.bos_id).nonzero().flatten().tolist()
        for start, end in zip(starts, [*starts[1:], row.numel()], strict=True):
            if end - start > 1:  # a start mark alone says nothing
                text = live.tokenizer.decode(row[start:end].tolist())
                songs.append(EncodedSong(row[start:end], int(row_artists[start]), len(text)))
    return songs


def _artists_in_turn(num_artists: int, seed: int) -> Callable[[], int]:
    """Gives each artist once, in an order of `seed`, before any comes again."""
    generator = torch.Generator().manual_seed(seed)
    turn: list[int] = []

    def take() -> int:
        if not turn:
            turn.extend(torch.randperm(num_artists, generator=generator).tolist())
        return turn.pop()

    return take


def _sample_rows(
    live: Checkpoint,
    next_artist: Callable[[], int],
    num_rows: int,
    num_steps: int,
    seed: int,
    on_progress: Callable[[float], None],
) -> tuple[Tensor, Tensor]:
    """Tokens and the artist of each, (num_rows, num_steps); a start mark follows each end mark."""
    model, tokenizer = live.model, live.tokenizer
    device = model.output_bias.device
    generator = torch.Generator(device).manual_seed(seed)
    current = torch.full((num_rows,), tokenizer.bos_id, device=device)
    artists = torch.tensor([next_artist() for _ in range(num_rows)], device=device)
    vectors = model.artist_vectors(artists)
    state = model.initial_state(vectors)
    columns, artist_columns = [current], [artists]
    for step in range(1, num_steps):
        following, state = _sample_next(live, current, vectors, state, generator)
        has_ended = current.eq(tokenizer.eos_id)
        if bool(has_ended.any()):
            following = following.masked_fill(has_ended, tokenizer.bos_id)
            artists = artists.clone()
            for row in has_ended.nonzero().flatten().tolist():
                artists[row] = next_artist()
            vectors = model.artist_vectors(artists)
            state = state.where(~has_ended, model.initial_state(vectors))
        current = following
        columns.append(current)
        artist_columns.append(artists)
        if step % _REPORT_EVERY == 0:
            on_progress(step / num_steps)
    return torch.stack(columns, 1), torch.stack(artist_columns, 1)


def _sample_next(
    live: Checkpoint,
    tokens: Tensor,
    artist_vectors: Tensor,
    state: RecurrentState,
    generator: torch.Generator,
) -> tuple[Tensor, RecurrentState]:
    """The next token (rows,) and the state after `tokens`."""
    logits, state = live.model.step(tokens, artist_vectors, state)
    logits[:, live.tokenizer.never_ids] = -torch.inf
    noise = 1 - torch.rand((len(tokens), 1), device=logits.device, generator=generator)
    return draw_from_all(logits, logits.new_ones(len(tokens)), noise), state
