"""The model: step and forward agree, rows are alone in a batch, artists are rows."""

import torch

from model.config import ModelConfig
from model.network.lyric_model import LyricModel


def _model() -> LyricModel:
    torch.manual_seed(2)
    config = ModelConfig(
        vocab_size=40, num_artists=4, embedding_size=8, artist_size=4, hidden_size=12
    )
    return LyricModel(config).eval()


def test_repeated_step_equals_forward() -> None:
    model = _model()
    tokens, artists = torch.randint(0, 40, (3, 11)), torch.tensor([0, 3, 1])
    logits, last = model(tokens, artists[:, None].expand(-1, 11), model.initial_state(3))
    state = model.initial_state(3)
    for position in range(11):
        step_logits, state = model.step(tokens[:, position], artists, state)
        torch.testing.assert_close(step_logits, logits[:, position])
    torch.testing.assert_close(state, last)


def test_a_row_in_a_batch_equals_the_row_alone() -> None:
    model = _model()
    tokens, artists = torch.randint(0, 40, (5, 6)), torch.randint(0, 4, (5, 6))
    together, _ = model(tokens, artists, model.initial_state(5))
    alone, _ = model(tokens[2:3], artists[2:3], model.initial_state(1))
    torch.testing.assert_close(together[2:3], alone)


def test_the_artist_changes_what_comes_next() -> None:
    model = _model()
    tokens = torch.zeros(2, dtype=torch.int64)
    logits, _ = model.step(tokens, torch.tensor([0, 1]), model.initial_state(2))
    assert not torch.allclose(logits[0], logits[1])


def test_new_artists_leave_the_others_as_they_were() -> None:
    model = _model()
    grown = model.with_artists(torch.zeros(2, 4))
    tokens, artists = torch.randint(0, 40, (4,)), torch.arange(4)
    before, _ = model.step(tokens, artists, model.initial_state(4))
    after, _ = grown.step(tokens, artists, grown.initial_state(4))
    assert torch.equal(before, after)
    assert grown.config.num_artists == 6
    assert model.config.num_artists == 4


def test_dropout_acts_in_training_only() -> None:
    model = _model().train()
    tokens, artists = torch.randint(0, 40, (2, 5)), torch.zeros(2, 5, dtype=torch.int64)
    first, _ = model(tokens, artists, model.initial_state(2))
    second, _ = model(tokens, artists, model.initial_state(2))
    assert not torch.equal(first, second)


def test_keep_forgets_only_the_rows_that_start_a_song() -> None:
    model = _model()
    _, state = model.step(torch.tensor([1, 2]), torch.tensor([0, 1]), model.initial_state(2))
    kept = state.keep(torch.tensor([True, False]))
    assert torch.equal(kept.hidden[:, 0], state.hidden[:, 0])
    assert not kept.hidden[:, 1].any()
    assert not kept.cell[:, 1].any()
