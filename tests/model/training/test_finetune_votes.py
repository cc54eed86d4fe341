"""Votes move a checkpoint towards what was liked, alone or beside songs, and harm nobody."""

import dataclasses
from collections.abc import Iterator

import pytest
import torch

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import encode_songs
from model.corpus.stream import SongStream
from model.errors import CorpusError
from model.evaluation.perplexity import total_score
from model.training import replay
from model.training.finetune import finetune
from model.training.finetune_choice import Choice
from model.training.finetune_hooks import FinetuneHooks
from model.training.preferences import JudgedVerse, encode_verses, frozen_log_probabilities
from model.training.progress import FinetuneProgress
from model.training.trainer import Trainer
from tests.factories import songs, tiny_checkpoint

CONFIG = FinetuneConfig(
    learning_rate=0.01,
    artist_epochs=1,
    epochs=1,
    min_epoch_tokens=400,
    batch_size=4,
    votes_epochs=6,
    votes_learning_rate=0.02,
    max_loss_on_others=10.0,
)


@pytest.fixture(scope="module", autouse=True)
def short_rows() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "_TOKENS_A_ROW", 80)
        yield


@pytest.fixture(scope="module")
def live() -> Checkpoint:
    checkpoint = tiny_checkpoint("live-1")
    encoded = encode_songs(songs(), checkpoint.artists, checkpoint.tokenizer)
    config = TrainingConfig(batch_size=4, window=32, learning_rate=0.02, max_epochs=4)
    Trainer(checkpoint.model, SongStream(encoded, 4, 32), encoded[:3], config).fit()
    checkpoint.model.eval()
    return checkpoint


def judged(scale: float = 1.0) -> list[JudgedVerse]:
    """Voters who like harbours, and do not like what is said of cities."""
    liked = ["The tide is on the turn", "I count the masts", "And sail them all away"]
    disliked = ["City below me humming in blue", "Stairwell and steel door", "Words like a razor"]
    artists = ("Mara Quill", "Roof Fox")
    return [
        JudgedVerse(artist=artist, text=f"{text}\n{again}", weight=weight * scale)
        for artist in artists
        for texts, weight in ((liked, 1.0), (disliked, -1.0))
        for text in texts
        for again in texts
    ]


def gain(live: Checkpoint, after: Checkpoint, text: str) -> float:
    """Nats that a verse which nobody has judged became likelier by."""
    verses = encode_verses([JudgedVerse(artist="Mara Quill", text=text, weight=1.0)], live)
    before, now = (frozen_log_probabilities(each.model, verses) for each in (live, after))
    return float(now - before)


def test_votes_alone_make_what_is_liked_likelier_and_what_is_not_less_so(
    live: Checkpoint,
) -> None:
    result = finetune(live, "v", [], [], CONFIG, verses=judged())
    assert result.new_songs is None
    assert result.artists == {}
    assert result.votes is not None
    assert result.votes.num_verses == 36
    assert result.votes.num_held_out == 7
    assert result.votes.margin > 0.5
    assert result.votes.held_out_margin > 0.5
    after = result.candidate
    assert gain(live, after, "The rope is wet\nI count the masts") > gain(
        live, after, "Everyone sleeping\nStairwell and steel door"
    )
    assert {point.stage for point in result.curve} == {"votes"}


def test_votes_of_the_other_sign_move_it_the_other_way(live: Checkpoint) -> None:
    result = finetune(live, "v", [], [], CONFIG, verses=judged(-1.0))
    after = result.candidate
    assert gain(live, after, "The rope is wet\nI count the masts") < gain(
        live, after, "Everyone sleeping\nStairwell and steel door"
    )


def test_what_has_a_row_for_each_token_stays_and_so_do_the_artists(
    live: Checkpoint,
) -> None:
    candidate = finetune(live, "v", [], [], CONFIG, verses=judged()).candidate
    old, new = live.model.state_dict(), candidate.model.state_dict()
    assert candidate.artists == live.artists
    vocabulary = ("token_embedding.weight", "output_bias")
    for name, value in old.items():
        assert torch.equal(value, new[name]) is (name in vocabulary), name


def test_the_others_lose_no_more_than_allowed_to_votes(live: Checkpoint) -> None:
    for allowed in (0.0, 0.01):
        config = dataclasses.replace(CONFIG, max_loss_on_others=allowed)
        assert finetune(live, "v", [], [], config, verses=judged()).others.gain >= -allowed


def test_those_who_write_in_the_language_of_the_verses_lose_no_more_either(
    live: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever all the others together lose: they may be few among them."""
    monkeypatch.setattr(Choice, "allowed_part", lambda *_: 1.0)
    config = dataclasses.replace(CONFIG, max_loss_on_others=0.02)
    chinese = [dataclasses.replace(verse, artist="夜雨") for verse in judged()]
    candidate = finetune(live, "v", [], [], config, verses=chinese).candidate
    sampled = [song for song in replay.sample_replay(live, 4_000, seed=9) if song.artist == 2]
    before, after = (total_score(each.model, sampled) for each in (live, candidate))
    assert after.bits_per_character - before.bits_per_character < 0.06
    far = finetune(live, "v", [], [], CONFIG, verses=chinese).candidate
    lost = total_score(far.model, sampled).bits_per_character - before.bits_per_character
    assert lost > 0.1


def test_songs_and_votes_are_learned_in_one_run(live: Checkpoint) -> None:
    heard: list[FinetuneProgress] = []
    new = [dataclasses.replace(song, artist="Pie Larkin") for song in songs(4)[::3]]
    result = finetune(live, "v", new, [], CONFIG, FinetuneHooks(heard.append), judged())
    assert result.new_songs is not None
    assert result.new_songs.gain > 0
    assert result.votes is not None
    assert result.votes.held_out_margin > 0
    stages = list(dict.fromkeys(progress.stage for progress in heard))
    assert stages[:3] == ["replay", "artists", "training"]
    assert stages[-2:] == ["votes", "measuring"]


def test_the_same_votes_give_the_same_weights(live: Checkpoint) -> None:
    twins = [finetune(live, "v", [], [], CONFIG, verses=judged()).candidate for _ in range(2)]
    first, second = (each.model.state_dict() for each in twins)
    assert all(torch.equal(value, second[name]) for name, value in first.items())


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_without_songs_and_votes_there_is_nothing_to_learn(live: Checkpoint, share: float) -> None:
    config = dataclasses.replace(CONFIG, votes_share=share)
    with pytest.raises(CorpusError, match="no songs to learn from"):
        finetune(live, "v", [], [], config, verses=judged() if share == 0 else [])
