"""Small real models, a scripted one, and ways to run verses through an engine."""

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from model.config import ModelConfig
from model.engine import Engine, FinishedSequence, GenerationRequest, Marks, Precision
from model.engine.sequence import Reading, Voice
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import SamplingParameters

BOS, EOS, NEWLINE, BLANK = 0, 1, 2, 3
VOCAB_SIZE = 40


def small_model(
    newline_bias: float = 2.0, seed: int = 0, vocab_size: int = VOCAB_SIZE, **choices: Any
) -> LyricModel:
    """Random weights; newlines come often enough to end lines, and so would BOS and EOS."""
    torch.manual_seed(seed)
    config = ModelConfig(
        vocab_size=vocab_size,
        num_artists=4,
        embedding_size=16,
        artist_size=4,
        hidden_size=32,
        num_layers=2,
        **choices,
    )
    model = LyricModel(config).eval()
    with torch.no_grad():
        read = model.token_embedding if config.tied_output else model.projection
        read.weight.mul_(8)
        model.artist_embedding.weight.mul_(20)  # voices far apart
        model.output_bias[[BOS, EOS, NEWLINE]] += newline_bias
    return model


class ScriptedModel(LyricModel):
    """After token t the logits are `table[t]`, whatever came before; counts its steps."""

    def __init__(self, table: Tensor) -> None:
        super().__init__(
            ModelConfig(vocab_size=len(table), num_artists=2, embedding_size=2, hidden_size=2)
        )
        self.table = table
        self.batch_sizes: list[int] = []

    def step(
        self, tokens: Tensor, artist_vectors: Tensor, state: RecurrentState
    ) -> tuple[Tensor, RecurrentState]:
        self.batch_sizes.append(len(tokens))
        return self.table[tokens].clone(), RecurrentState(*(part + 1 for part in state))


def scripted(*preferences: tuple[int, ...], vocab_size: int = 8) -> ScriptedModel:
    """`preferences[t]`: what may follow token t, best first. All else is far less likely."""
    table = torch.full((vocab_size, vocab_size), -50.0)
    for token, following in enumerate(preferences):
        for rank, choice in enumerate(following):
            table[token, choice] = 10.0 - rank
    return ScriptedModel(table)


def make_engine(
    model: LyricModel,
    num_slots: int = 64,
    max_positions: int = 256,
    never_ids: tuple[int, ...] = (),
    precision: Precision = "fp32",
) -> Engine:
    return Engine(
        model,
        Marks(NEWLINE, (BLANK,), (EOS, *never_ids)),
        num_slots=num_slots,
        max_positions=max_positions,
        precision=precision,
    )


GREEDY = SamplingParameters(temperature=0, top_p=1.0, repetition_penalty=1.0)


def request(
    prompt: tuple[int, ...] = (BOS, 5),
    *,
    artist: Voice = 0,
    sampling: SamplingParameters = GREEDY,
    rng_seed: int = 1,
    max_lines: int = 3,
    max_tokens: int = 60,
    forbid_first: Tensor | None = None,
    start: Reading | None = None,
    paths: Tensor | None = None,
) -> GenerationRequest:
    return GenerationRequest(
        prompt=prompt,
        artist=artist,
        sampling=sampling,
        rng_seed=rng_seed,
        max_lines=max_lines,
        max_tokens=max_tokens,
        forbid_first=forbid_first,
        start=start,
        paths=paths,
    )


def drain(engine: Engine) -> dict[int, FinishedSequence]:
    """Step until there is nothing left; by sequence id."""
    finished: dict[int, FinishedSequence] = {}
    while engine.has_work:
        for sequence in engine.step():
            assert sequence.sequence_id not in finished
            finished[sequence.sequence_id] = sequence
    return finished


def write(engine: Engine, *requests: GenerationRequest) -> list[FinishedSequence]:
    """All requests at once; results in their order."""
    ids = [engine.add(each) for each in requests]
    finished = drain(engine)
    return [finished[sequence_id] for sequence_id in ids]


Arrival = tuple[GenerationRequest, int, int | None]
"""A request, the step at which it comes, and after how many more it is aborted, if it is."""


def serve(
    engine: Engine, batch: Sequence[Arrival]
) -> list[tuple[GenerationRequest, FinishedSequence]]:
    """Each request arrives at its step; what became of it, in the order in which they ended."""
    indices: dict[int, int] = {}
    finished: dict[int, FinishedSequence] = {}
    for now in itertools.count():
        for index, (each, start, abort_after) in enumerate(batch):
            if start == now:
                indices[engine.add(each)] = index
            if abort_after is not None and start + abort_after == now:
                engine.abort(next(key for key, value in indices.items() if value == index))
        if now > max(start + (after or 0) for _, start, after in batch) and not engine.has_work:
            break
        finished |= {each.sequence_id: each for each in engine.step()}
        assert engine.num_running <= engine.num_rows
    assert sorted(finished) == sorted(indices)
    for sequence_id, verse in finished.items():
        assert verse.reason != "aborted" or batch[indices[sequence_id]][2] is not None
    return [(batch[indices[key]][0], verse) for key, verse in finished.items()]


def num_lines(tokens: tuple[int, ...], *, open_content: bool) -> int:
    """Newlines that follow something other than newlines and blanks, counted the plain way."""
    count, has_content = 0, open_content
    for token in tokens:
        if token == NEWLINE:
            count += has_content
            has_content = False
        elif token != BLANK:
            has_content = True
    return count
