"""The loss of judged verses is KTO's, to the digit, and pulls the right way."""

import math

import pytest
import torch

from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_song
from model.corpus.song import Song
from model.evaluation.perplexity import total_score
from model.training.preferences import (
    JudgedVerse,
    balanced_weights,
    encode_verses,
    kto_loss,
    log_probabilities,
    margin,
)
from tests.factories import tiny_checkpoint

ARTIST = "Mara Quill"


@pytest.fixture(scope="module")
def live() -> Checkpoint:
    return tiny_checkpoint()


def test_where_nothing_moved_each_verse_costs_half_its_weight() -> None:
    loss = kto_loss(torch.zeros(2), torch.tensor([1.0, -0.5]), beta=0.1)
    assert loss.item() == pytest.approx((1.0 + 0.5) / 2 / 2)


def test_the_loss_is_the_formula() -> None:
    loss = kto_loss(torch.tensor([2.0, 1.0, -1.5]), torch.tensor([1.0, -1.0, 0.5]), beta=0.5)
    z = (2.0 + 1.0 - 1.5) / 3

    def missed(gain: float) -> float:
        return 1 - 1 / (1 + math.exp(-gain))

    terms = [missed(0.5 * (2.0 - z)), missed(0.5 * (z - 1.0)), 0.5 * missed(0.5 * (-1.5 - z))]
    assert loss.item() == pytest.approx(sum(terms) / 3)


def test_the_reference_point_is_never_below_zero() -> None:
    """Else a model would be praised for liking disliked verses less than it dislikes the liked."""
    weights = torch.tensor([1.0, -1.0])
    sunk = kto_loss(torch.tensor([-4.0, -4.0]), weights, beta=1.0)
    assert sunk.item() == pytest.approx((1 / (1 + math.exp(-4)) + 1 / (1 + math.exp(4))) / 2)


def test_what_was_liked_rises_and_what_was_not_falls_until_far_enough() -> None:
    ratios = torch.tensor([0.0, 0.0, 30.0], requires_grad=True)
    kto_loss(ratios - 10.0, torch.tensor([1.0, -1.0, 1.0]), beta=0.1).backward()  # type: ignore[no-untyped-call]
    assert ratios.grad is not None
    liked, disliked, far = ratios.grad.tolist()
    assert liked < 0 < disliked
    assert abs(far) < abs(liked)


def test_liked_and_disliked_count_alike_and_one_side_alone_for_half() -> None:
    balanced = balanced_weights(torch.tensor([0.5, 0.5, 0.5, -0.5])).tolist()
    assert sum(balanced[:3]) == pytest.approx(2.0)
    assert balanced[3] == pytest.approx(-2.0)
    assert balanced_weights(torch.tensor([1.0, 1.0])).tolist() == pytest.approx([0.5, 0.5])


def test_a_verse_is_as_likely_as_a_song_of_that_artist_without_its_end(live: Checkpoint) -> None:
    text = "The harbour lights\nAre low tonight"
    (verse,) = encode_verses([JudgedVerse(artist=ARTIST, text=text, weight=1.0)], live)
    song = encode_song(Song(ARTIST, "", f"{text}\n", "en"), 0, live.tokenizer)
    whole = total_score(live.model, [song]).nats
    logits = live.model(
        song.tokens[None, :-1],
        torch.zeros(1, len(song.tokens) - 1, dtype=torch.long),
        live.model.initial_state(live.model.artist_vectors(torch.tensor([0]))),
    )[0]
    ending = -logits[0, -1].log_softmax(0)[live.tokenizer.eos_id].item()
    log_probability = log_probabilities(live.model, [verse]).item()
    assert -log_probability == pytest.approx(whole - ending, rel=1e-4)


def test_neither_the_seed_nor_what_stood_before_is_the_models(live: Checkpoint) -> None:
    judged = JudgedVerse(
        artist=ARTIST, text="The harbour lights", weight=1.0, seed="The", context="Low tide"
    )
    (verse,) = encode_verses([judged], live)
    given = live.tokenizer.decode(verse.tokens[: verse.num_given].tolist())
    chosen = live.tokenizer.decode(verse.tokens[verse.num_given :].tolist())
    assert given == "Low tide\nThe"
    assert chosen == " harbour lights\n"
    assert int(verse.targets.ge(0).sum()) == verse.num_chosen


def test_unknown_artists_and_verses_that_are_all_seed_teach_nothing(live: Checkpoint) -> None:
    verses = [
        JudgedVerse(artist="Nobody", text="Low tide", weight=1.0),
        JudgedVerse(artist=ARTIST, text="Low tide", weight=1.0, seed="Low tide"),
    ]
    assert encode_verses(verses, live) == []


def test_verses_read_together_are_as_likely_as_alone_and_dropout_is_off(live: Checkpoint) -> None:
    texts = ("The harbour", "Up on the rooftop, feet on the ledge\nWords", "雨落在旧城的屋檐")
    verses = encode_verses(
        [JudgedVerse(artist=ARTIST, text=text, weight=1.0) for text in texts], live
    )
    alone = torch.cat([log_probabilities(live.model, [verse]) for verse in verses])
    live.model.train()
    together = log_probabilities(live.model, verses)
    assert live.model.training
    live.model.eval()
    torch.testing.assert_close(together, alone)


def test_the_margin_is_what_liked_verses_gained_on_disliked() -> None:
    gained = margin(torch.tensor([2.0, -1.0]), torch.tensor([1.0, -0.5]))
    assert gained.nats == pytest.approx(2.5 / 1.5)
    assert gained.standard_error == pytest.approx(((1 / 3) ** 2 * 2) ** 0.5 / 1.5)
    assert margin(torch.zeros(0), torch.zeros(0)) == (0, 0)
