"""The teacher pulls nowhere while nothing is forgotten, and never teaches who is learned."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from model.corpus.dataset import encode_songs
from model.corpus.stream import NO_TARGET, SongStream
from model.network.lyric_model import LyricModel
from model.training.finetune_teacher import Teacher
from model.training.trainer import state_before
from tests.factories import songs, tiny_checkpoint


@pytest.fixture
def pupil() -> LyricModel:
    """Without dropout, so that it may be as good as its teacher."""
    return tiny_checkpoint().model.eval()


def stream(align_songs: bool = False) -> SongStream:
    checkpoint = tiny_checkpoint()
    encoded = encode_songs(songs(2), checkpoint.artists, checkpoint.tokenizer)
    return SongStream(encoded, 4, 16, align_songs=align_songs)


def test_a_pupil_that_has_forgotten_nothing_is_pulled_nowhere(pupil: LyricModel) -> None:
    """In every window of an epoch: teacher and pupil carry the same state."""
    teacher, carried = Teacher(tiny_checkpoint().model, []), None
    for window in stream().epoch(0):
        logits, carried = pupil(window.tokens, window.artists, state_before(pupil, window, carried))
        carried = carried.detach()
        (gradient,) = torch.autograd.grad(teacher.loss(logits, window).total, logits)
        torch.testing.assert_close(gradient, torch.zeros_like(gradient), rtol=0, atol=1e-8)


def test_learned_artists_are_read_by_their_own_words(pupil: LyricModel) -> None:
    everyone = Teacher(tiny_checkpoint(seed=1).model, [0, 1, 2])
    window = next(stream().epoch(0))
    logits, _ = pupil(window.tokens, window.artists, state_before(pupil, window, None))
    expected = F.cross_entropy(logits.flatten(0, 1), window.targets.flatten())
    torch.testing.assert_close(everyone.loss(logits, window).total, expected)


def test_what_fills_a_window_teaches_nothing(pupil: LyricModel) -> None:
    window = next(stream(align_songs=True).epoch(0))
    is_filled = window.targets == NO_TARGET
    window = replace(window, targets=window.targets.index_fill(1, torch.tensor([15]), NO_TARGET))
    logits, _ = pupil(window.tokens, window.artists, state_before(pupil, window, None))
    changed = logits.clone()
    changed[window.targets == NO_TARGET] += torch.randn(400)
    teacher, twin = (Teacher(tiny_checkpoint(seed=1).model, [0]) for _ in range(2))
    assert is_filled.sum() < (window.targets == NO_TARGET).sum()
    torch.testing.assert_close(teacher.loss(changed, window).total, twin.loss(logits, window).total)
