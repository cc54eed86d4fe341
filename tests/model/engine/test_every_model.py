"""Whatever the network is made of, the engine writes what the model would, and by row alone."""

import itertools
from typing import Any

import pytest
import torch
from torch import Tensor

from model.config import CELLS, CONDITIONINGS
from model.engine import GenerationRequest
from model.engine.buckets import bucket_sizes, equal_buckets
from model.engine.sequence import Voice
from model.network.lyric_model import LyricModel
from model.sampling import STRATEGIES
from tests.model.engine.helpers import (
    BOS,
    EOS,
    NEWLINE,
    VOCAB_SIZE,
    drain,
    make_engine,
    request,
    small_model,
    write,
)

EVERYTHING = {
    "cell": "mogrifier",
    "conditioning": "film",
    "attention_window": 5,
    "layer_norm": True,
    "residual": True,
    "tied_output": False,
}
NETWORKS: dict[str, dict[str, Any]] = (
    {cell: {"cell": cell} for cell in CELLS}
    | {f"{cell}-attending": {"cell": cell, "attention_window": 3} for cell in CELLS}
    | {f"lstm-{told}": {"conditioning": told} for told in CONDITIONINGS if told != "concat"}
    | {"rnn-initial-state": {"cell": "rnn", "conditioning": "initial-state"}}
    | {"one-hot": {"features": "one-hot", "tied_output": False}}
    | {"everything": EVERYTHING}
)
VOICES: tuple[Voice, ...] = (0, 3, ((0, 0.7), (2, 0.3)), ((1, 1.0), (2, 2.0), (3, 0.5)))


@pytest.fixture(params=NETWORKS)
def model(request: pytest.FixtureRequest) -> LyricModel:
    return small_model(**NETWORKS[request.param])


def mixed_requests() -> list[GenerationRequest]:
    """Every voice with every strategy."""
    return [
        request(
            (BOS, *range(5, 5 + index % 4)),
            artist=voice,
            sampling=sampling,
            rng_seed=index,
            max_lines=1 + index % 3,
            max_tokens=12,
        )
        for index, (voice, sampling) in enumerate(
            (voice, sampling) for voice in VOICES for sampling in STRATEGIES.values()
        )
    ]


def test_a_verse_is_the_same_alone_and_among_others_that_come_and_go(model: LyricModel) -> None:
    batch = mixed_requests()
    engine = make_engine(model, num_slots=7)
    aborted, *ids = [engine.add(each) for each in (batch[7], *batch)]
    finished = {each.sequence_id: each for _ in range(3) for each in engine.step()}
    engine.abort(aborted)
    finished |= drain(engine)
    alone = make_engine(model, num_slots=1)
    for sequence_id, each in list(zip(ids, batch, strict=True))[::5]:
        assert finished[sequence_id].tokens == write(alone, each)[0].tokens


def test_greedy_verses_equal_a_plain_loop_over_the_whole_prefix(model: LyricModel) -> None:
    prompt, artist = (BOS, 7, 11), 2
    (verse,) = write(make_engine(model), request(prompt, artist=artist, max_lines=3, max_tokens=20))
    written: list[int] = []
    for _ in verse.tokens:
        prefix = torch.tensor([[*prompt, *written]])
        artists = torch.full_like(prefix, artist)
        with torch.no_grad():
            state = model.initial_state(model.artist_vectors(artists[:, 0]))
            logits = model(prefix, artists, state)[0][0, -1]
        written.append(_best_allowed(logits, written))
    assert verse.tokens == tuple(written)


def test_a_blend_is_written_with_the_mean_of_its_voices(model: LyricModel) -> None:
    weights = {0: 0.25, 3: 0.75}
    asked = request((BOS, 9), artist=((3, 3.0), (0, 1.0)), max_lines=3, max_tokens=20)
    (verse,) = write(make_engine(model), asked)
    written: list[int] = []
    with torch.no_grad():
        voice = model.blend(weights).unsqueeze(0)
        _, state = model.step(torch.tensor([BOS]), voice, model.initial_state(voice))
        for token in (9, *verse.tokens[:-1]):
            logits, state = model.step(torch.tensor([token]), voice, state)
            written.append(_best_allowed(logits[0], written))
    assert verse.tokens == tuple(written)


def _best_allowed(logits: Tensor, written: list[int]) -> int:
    logits[[BOS, EOS]] = -torch.inf
    if written[-2:] == [NEWLINE, NEWLINE]:
        logits[NEWLINE] = -torch.inf
    return int(logits.argmax())


def test_rows_are_bitwise_equal_in_every_bucket(model: LyricModel) -> None:
    generator = torch.Generator().manual_seed(3)
    buckets = equal_buckets(model, bucket_sizes(64))
    assert buckets[0] < 64
    with torch.inference_mode():
        voices = torch.randn(64, model.config.artist_features, generator=generator)
        state = model.initial_state(voices)
        for part in state:
            part.copy_(torch.randn(part.shape, generator=generator).tanh())
        tokens = torch.randint(VOCAB_SIZE, (64,), generator=generator)
        expected, next_state = model.step(tokens, voices, state)
        for size in buckets:
            head = state.rows(slice(size))
            logits, reached = model.step(tokens[:size], voices[:size], head)
            assert torch.equal(logits, expected[:size])
            for part, whole in zip(reached, next_state, strict=True):
                assert torch.equal(part, whole[:, :size])


@pytest.mark.parametrize("name", [name for name in NETWORKS if name != "lstm-none"])
def test_voices_and_blends_are_heard(name: str) -> None:
    model = small_model(**NETWORKS[name])
    sampling = STRATEGIES["weighted"]
    batches = [
        [request((BOS,), artist=voice, sampling=sampling, rng_seed=index) for index in range(4)]
        for voice in VOICES
    ]
    verses = write(make_engine(model), *itertools.chain(*batches))
    assert len({verse.tokens for verse in verses}) > 4


def test_a_row_begins_in_the_first_state_of_its_own_voice() -> None:
    """The verse before it in the row left another state, another voice and its memory."""
    for choices in ({"conditioning": "initial-state"}, EVERYTHING):
        model = small_model(**choices)
        engine = make_engine(model, num_slots=1)
        for voice in (*VOICES, *VOICES[::-1]):
            each = request((BOS, 5), artist=voice)
            fresh = make_engine(model, num_slots=1)
            assert write(engine, each)[0].tokens == write(fresh, each)[0].tokens


def test_the_order_in_which_a_blend_is_named_does_not_matter() -> None:
    one, other = ((0, 0.1), (1, 0.2), (2, 0.3)), ((2, 0.3), (1, 0.2), (0, 0.1))
    weights = [request(artist=voice).artist_weights for voice in (one, other)]
    assert weights[0] == weights[1]
    assert list(weights[0]) == list(weights[1])
