"""One step of all rows in torch's operations: the network, masks, the draw, and counting lines.

No value is looked at from the host, no shape depends on a value, and everything is written where it
was read. So a device can be given the step as a whole, again and again: see `graph_runner`.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from model.engine.token_runner import REPETITION_WINDOW, Marks
from model.engine.token_slots import MAX_NEWLINES_RUNNING, TokenSlots
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import penalise_repetition, sample


class Outcome(NamedTuple):
    """Of a step, each (rows,), int64."""

    codes: Tensor  # why a row is done, as in `DONE`
    tokens: Tensor  # at the position that the row has reached


class _Advance(NamedTuple):
    """What one step changes, computed in full before anything is written."""

    state: RecurrentState
    position: Tensor
    token: Tensor
    num_lines: Tensor
    newlines_running: Tensor
    has_content: Tensor
    log_probability: Tensor
    node: Tensor


class TorchStep:
    """Feeds, masks, draws and counts lines by tensor operations over all rows."""

    def __init__(self, model: LyricModel, marks: Marks, max_positions: int) -> None:
        device = model.output_bias.device
        self._model = model
        self._newline_id = marks.newline_id
        self._last = max_positions - 1
        self._is_content = marks.is_content(model.config.vocab_size).to(device)
        self._never_ids = torch.tensor(marks.never_ids, dtype=torch.int64, device=device)
        self._window = torch.arange(REPETITION_WINDOW, device=device)

    def __call__(self, slots: TokenSlots, *, is_plain: bool) -> Outcome:
        """Move every row of `slots` on by one token. `is_plain`: all of them draw so.

        When this raises, no row has moved.
        """
        advance = self._advance(slots, is_plain)
        codes = torch.where(advance.num_lines >= slots.max_lines, 1, 0)
        codes = torch.where((codes == 0) & (advance.position >= slots.last_position), 2, codes)
        _commit(slots, advance)
        return Outcome(codes, advance.token)

    def _advance(self, slots: TokenSlots, is_plain: bool) -> _Advance:
        current = slots.tokens.gather(1, slots.position.unsqueeze(1)).squeeze(1)
        logits, state = self._model.step(current, slots.artist, slots.state)
        # Rows beyond the running ones are old ones that go on until they are needed: hold them at
        # the edge.
        position = (slots.position + 1).clamp(max=self._last)
        is_new = position >= slots.prompt_length
        masked = self._masked(logits, slots, position)
        sampling, node = slots.sampling, slots.node
        if is_plain:
            drawn = sample(masked, sampling, slots.stream, position, is_plain=True)
        else:
            sampling = sampling.at(is_line_start=slots.newlines_running > 0)
            here = _edges_from_here(slots)
            masked = _kept_to_paths(masked, slots, here)
            drawn = sample(masked, sampling, slots.stream, position, is_plain=False)
            node = torch.where(is_new, _followed(slots, here, drawn), node)
        token = torch.where(is_new, drawn, slots.tokens.gather(1, position.unsqueeze(1)).squeeze(1))

        is_newline = is_new & (token == self._newline_id)
        newlines_running = torch.where(
            is_new, torch.where(is_newline, slots.newlines_running + 1, 0), slots.newlines_running
        )
        had_content = slots.has_content > 0
        has_content = ~is_newline & (had_content | (is_new & self._is_content[token]))
        num_lines = slots.num_lines + (is_newline & had_content)
        said = logits.gather(1, token.unsqueeze(1)).squeeze(1) - logits.logsumexp(1)
        return _Advance(
            state, position, token, num_lines, newlines_running, has_content, said, node
        )

    def _masked(self, logits: Tensor, slots: TokenSlots, position: Tensor) -> Tensor:
        """Penalise what was said lately and forbid what may not come at `position`."""
        recent = slots.tokens.gather(1, (slots.position.unsqueeze(1) - self._window).clamp(min=0))
        logits = penalise_repetition(
            logits, recent, slots.sampling.repetition_penalty, self._newline_id
        )
        is_first = (position == slots.prompt_length).unsqueeze(1)
        logits.masked_fill_(slots.forbid_first & is_first, -torch.inf)
        logits[:, self._newline_id].masked_fill_(
            slots.newlines_running >= MAX_NEWLINES_RUNNING, -torch.inf
        )
        logits.index_fill_(1, self._never_ids, -torch.inf)
        return logits.scatter_(1, slots.tokens[:, :1], -torch.inf)


def _edges_from_here(slots: TokenSlots) -> Tensor:
    """Which edges begin at a row's node (rows, MAX_EDGES), bool."""
    number = torch.arange(slots.edges.size(2), device=slots.edges.device)
    is_here = slots.edges[:, 0] == slots.node.unsqueeze(1)
    return is_here & (number < slots.num_edges.unsqueeze(1))


def _kept_to_paths(logits: Tensor, slots: TokenSlots, here: Tensor) -> Tensor:
    """Forbid every token that no edge from a row's node has. Free are rows without edges, and those
    that have come to the end of theirs, or to where all that may follow is forbidden anyway.
    """
    tokens, is_here = slots.edges[:, 1].long(), here.to(logits.dtype)
    reached = torch.zeros_like(logits).scatter_reduce_(1, tokens, is_here, "amax")
    is_bound = ((reached > 0) & (logits > -torch.inf)).any(1, keepdim=True)
    return logits.masked_fill(is_bound & (reached == 0), -torch.inf)


def _followed(slots: TokenSlots, here: Tensor, token: Tensor) -> Tensor:
    """(rows,) the node to which `token` leads: the same where it leads nowhere."""
    is_taken = here & (slots.edges[:, 1] == token.unsqueeze(1))
    return torch.where(is_taken.any(1), (slots.edges[:, 2] * is_taken).amax(1), slots.node)


def _commit(slots: TokenSlots, advance: _Advance) -> None:
    for own, next_state in zip(slots.state, advance.state, strict=True):
        own.copy_(next_state)
    slots.position.copy_(advance.position)
    slots.tokens.scatter_(1, advance.position.unsqueeze(1), advance.token.unsqueeze(1))
    slots.num_lines.copy_(advance.num_lines)
    slots.newlines_running.copy_(advance.newlines_running)
    slots.has_content.copy_(advance.has_content)
    said = advance.log_probability.to(slots.log_probabilities.dtype).unsqueeze(1)
    slots.log_probabilities.scatter_(1, advance.position.unsqueeze(1), said)
    slots.node.copy_(advance.node)
