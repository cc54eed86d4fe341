"""Piano rolls by the engine: limits kept, and the same alone as among others."""

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import FrameModelConfig
from model.engine import FrameLimits, FrameRequest, FrameRunner, SequenceEngine
from model.engine.sequence import FinishedSequence
from model.midi import NUM_KEYS, PianoRoll
from model.midi.roll import keys_of
from model.network.frame_model import FrameModel

TRIAD = sum(1 << key for key in (39, 43, 46))


def model_of(output: str = "nade", grid_steps: int = 16) -> FrameModel:
    torch.manual_seed(1)
    small = {"hidden_size": 24, "embedding_size": 12, "artist_size": 4, "nade_size": 8}
    config = FrameModelConfig.from_dict(
        {"num_artists": 3, "output": output, "grid_steps": grid_steps, **small}
    )
    model = FrameModel(config).eval()
    with torch.no_grad():
        model.output_bias[:NUM_KEYS] = -2.5  # about six keys at once
    return model


MODEL = model_of()


def engine_of(num_slots: int = 8, model: FrameModel = MODEL) -> SequenceEngine[FrameRequest]:
    return SequenceEngine(FrameRunner(model, num_slots, max_positions=80), num_slots)


def request(
    rng_seed: int = 0, *, style: int = 0, num_frames: int = 12, **values: object
) -> FrameRequest:
    prompt: tuple[int, ...] = values.pop("prompt", (0,))  # type: ignore[assignment]
    limits = FrameLimits(**values)  # type: ignore[arg-type]
    return FrameRequest(
        prompt=prompt, artist=style, rng_seed=rng_seed, max_tokens=num_frames, limits=limits
    )


def write(
    engine: SequenceEngine[FrameRequest], requests: Sequence[FrameRequest]
) -> list[FinishedSequence]:
    ids = [engine.add(each) for each in requests]
    finished: dict[int, FinishedSequence] = {}
    while engine.has_work:
        finished.update((each.sequence_id, each) for each in engine.step())
    return [finished[each] for each in ids]


def alone(one: FrameRequest, model: FrameModel = MODEL) -> FinishedSequence:
    return write(engine_of(model=model), [one])[0]


REQUESTS = st.builds(
    request,
    st.integers(0, 2**63 - 1),
    style=st.integers(0, 2),
    num_frames=st.integers(1, 20),
    prompt=st.sampled_from([(0,), (0, TRIAD), (0, TRIAD, TRIAD, 0)]),
    max_keys=st.integers(1, 5),
    max_held=st.integers(1, 6),
    steps_per_change=st.sampled_from([1, 2, 4]),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(REQUESTS, min_size=1, max_size=12))
def test_a_roll_is_the_same_alone_as_among_others(requests: list[FrameRequest]) -> None:
    together = write(engine_of(num_slots=5), requests)
    assert [each.tokens for each in together] == [alone(each).tokens for each in requests]
    assert [len(each.tokens) for each in together] == [each.max_tokens for each in requests]


@given(REQUESTS)
def test_every_limit_is_kept(one: FrameRequest) -> None:
    chords = alone(one).tokens
    for chord in chords:
        assert chord.bit_count() <= max(one.limits.max_keys, TRIAD.bit_count())
    whole = one.prompt + chords
    frames = PianoRoll.of_chords(whole).frames
    longest = one.limits.max_held + len(one.prompt)
    for time in range(longest, len(whole)):
        assert not frames[time - longest : time + 1].all(0).any()
    for time in range(len(one.prompt), len(whole)):
        if (time - 1) % one.limits.steps_per_change:
            assert whole[time] & ~whole[time - 1] == 0


def test_only_keys_in_range_sound() -> None:
    chords = alone(request(lowest_key=30, highest_key=50, num_frames=40)).tokens
    keys = {key for chord in chords for key in keys_of(chord)}
    assert keys
    assert keys <= set(range(30, 51))


def test_other_seeds_and_styles_give_other_rolls() -> None:
    rolls = [alone(request(1)), alone(request(2)), alone(request(1, style=1)), alone(request(1))]
    assert len({each.tokens for each in rolls}) == 3
    assert rolls[0].tokens == rolls[3].tokens


def test_low_temperature_is_timid() -> None:
    cold = FrameRequest(prompt=(0,), artist=0, rng_seed=3, max_tokens=30, temperature=0.2)
    hot = FrameRequest(prompt=(0,), artist=0, rng_seed=3, max_tokens=30, temperature=3.0)
    num_keys = [sum(map(int.bit_count, alone(each).tokens)) for each in (cold, hot)]
    assert num_keys[0] < num_keys[1]


@pytest.mark.parametrize("output", ["bernoulli", "nade"])
@pytest.mark.parametrize("grid_steps", [0, 16])
def test_the_network_has_read_every_frame_in_its_place(output: str, grid_steps: int) -> None:
    model = model_of(output, grid_steps)
    one = request(5, prompt=(0, TRIAD, TRIAD), num_frames=9)
    finished = alone(one, model)
    assert finished.state is not None
    keys = torch.from_numpy(PianoRoll.of_chords(one.prompt + finished.tokens[:-1]).frames)
    places = torch.eye(max(1, grid_steps))[(torch.arange(len(keys)) - 1) % max(1, grid_steps)]
    frames = torch.cat([keys, places[:, :grid_steps]], dim=1).to(torch.int8).unsqueeze(0)
    artist = model.artist_vectors(torch.tensor([0]))
    expected = model.read(frames, artist, model.initial_state(artist))
    torch.testing.assert_close(finished.state.hidden, expected.hidden, atol=1e-5, rtol=0)


def test_what_does_not_fit_is_refused() -> None:
    engine = engine_of()
    with pytest.raises(ValueError, match="may hold 80"):
        engine.add(request(num_frames=80))
    with pytest.raises(ValueError, match="none of the 88"):
        engine.add(request(prompt=(1 << 88,)))
    with pytest.raises(ValueError, match="highest is 87"):
        engine.add(request(highest_key=88))
    with pytest.raises(ValueError, match="no artist 3"):
        engine.add(request(style=3))
    with pytest.raises(ValueError, match="temperature"):
        FrameRequest(prompt=(0,), artist=0, rng_seed=0, max_tokens=1, temperature=0.0)


def test_one_that_is_ended_leaves_the_others() -> None:
    engine = engine_of()
    first, second = engine.add(request(1, num_frames=30)), engine.add(request(2, num_frames=30))
    engine.step()
    engine.abort(first)
    finished: dict[int, FinishedSequence] = {}
    while engine.has_work:
        finished.update((each.sequence_id, each) for each in engine.step())
    assert finished[first].reason == "aborted"
    assert finished[second].tokens == alone(request(2, num_frames=30)).tokens


def test_a_loop_comes_again_and_other_steps_stay_as_they_were() -> None:
    plain = alone(request(num_frames=24)).tokens
    looped = alone(request(num_frames=24, loop_steps=8, loop_weight=50.0)).tokens
    assert looped[:8] == plain[:8]
    assert looped[8:16] == looped[16:24] == plain[:8]
    a_little = alone(request(num_frames=24, loop_steps=8, loop_weight=1.0)).tokens
    assert a_little[:8] == plain[:8]
    assert a_little[8:] not in (plain[8:], looped[8:])


def test_a_prime_is_part_of_the_loop() -> None:
    prompt = (0, *[TRIAD] * 4, *[1 << 50] * 4)
    looped = alone(request(num_frames=8, prompt=prompt, loop_steps=8, loop_weight=50.0)).tokens
    assert looped == prompt[1:]
