"""Text sampled from a checkpoint itself, to remember a corpus that is not at hand.

Pseudo-rehearsal (Robins 1995): a model that still gives its own samples the likelihood they had has
forgotten little.
"""

import torch
from torch import Tensor

from model.checkpoint import Checkpoint
from model.corpus.dataset import EncodedSong

_ROWS = 64
_MAX_TOKENS = 400


@torch.inference_mode()
def sample_replay(live: Checkpoint, num_tokens: int, seed: int) -> list[EncodedSong]:
    """At least `num_tokens` tokens drawn from the model's own distribution, artists in turn."""
    generator = torch.Generator(live.model.output_bias.device).manual_seed(seed)
    songs: list[EncodedSong] = []
    sampled = 0
    while sampled < num_tokens:
        first = len(songs)
        artists = [row % len(live.artists) for row in range(first, first + _ROWS)]
        for tokens, artist in zip(_sample_batch(live, artists, generator), artists, strict=True):
            text = live.tokenizer.decode(tokens.tolist())
            songs.append(EncodedSong(tokens, artist, len(text)))
            sampled += tokens.numel()
    return songs


def _sample_batch(live: Checkpoint, artists: list[int], generator: torch.Generator) -> list[Tensor]:
    """One song a row, each cut behind its end mark or at the longest length allowed."""
    model, tokenizer = live.model.eval(), live.tokenizer
    rows = torch.tensor(artists, device=model.output_bias.device)
    current = torch.full_like(rows, tokenizer.bos_id)
    state = model.initial_state(len(artists))
    columns = [current]
    ended = torch.zeros_like(rows, dtype=torch.bool)
    while len(columns) < _MAX_TOKENS and not bool(ended.all()):
        logits, state = model.step(current, rows, state)
        logits[:, tokenizer.bos_id] = -torch.inf
        current = torch.multinomial(logits.softmax(-1), 1, generator=generator).squeeze(1)
        columns.append(current)
        ended |= current.eq(tokenizer.eos_id)
    return [_cut(row, tokenizer.eos_id) for row in torch.stack(columns, 1).cpu()]


def _cut(tokens: Tensor, eos_id: int) -> Tensor:
    ends = tokens.eq(eos_id).nonzero()
    return tokens[: int(ends[0]) + 1] if ends.numel() else tokens
