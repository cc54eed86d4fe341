"""A checkpoint learns new songs, forgets little, and stays untouched itself."""

import dataclasses
import math
from collections.abc import Callable, Iterator

import pytest
import torch

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig, TrainingConfig
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.corpus.stream import SongStream
from model.craft import Craft
from model.errors import ConfigError, CorpusError
from model.evaluation.perplexity import total_score
from model.evaluation.scheme import FREE
from model.network.lyric_model import LyricModel
from model.training import replay
from model.training.finetune import Comparison, FinetuneResult, finetune
from model.training.finetune_hooks import FinetuneHooks
from model.training.progress import FinetuneProgress
from model.training.trainer import Trainer
from tests.factories import songs, tiny_checkpoint

CONFIG = FinetuneConfig(
    learning_rate=0.01, artist_learning_rate=0.05, epochs=4, min_epoch_tokens=800, batch_size=4
)
QUICK = dataclasses.replace(CONFIG, epochs=1, artist_epochs=1, min_epoch_tokens=400)
_PIE = """Flour on the window, butter on the knee
Roll it for the baker, roll it out for me
Cherry for the chimney, plum upon the plate
Anyone who whistles has to sit and wait

Sugar on the shovel, pepper on the pie
Nobody is hungry, neither, sir, am I
Cherry for the chimney, plum upon the door
Anyone who whistles has to sweep the floor"""


def new_songs(count: int, artist: str = "Pie Larkin") -> list[Song]:
    lines = _PIE.replace("\n\n", "\n").split("\n")
    return [
        Song(artist, f"Pie {n}", "\n".join(lines[n % 8 :] + lines[: n % 8]), "en")
        for n in range(count)
    ]


def new_songs_of(result: FinetuneResult[Checkpoint]) -> Comparison:
    assert result.new_songs is not None
    return result.new_songs


@pytest.fixture(scope="module", autouse=True)
def short_rows() -> Iterator[None]:
    """Sampling takes as many steps as a row has tokens, and is most of a tiny run's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "_TOKENS_A_ROW", 80)
        yield


@pytest.fixture(scope="module")
def live() -> Checkpoint:
    """Knows its three artists a little, as a checkpoint has to that can forget."""
    checkpoint = tiny_checkpoint("live-1")
    encoded = encode_songs(songs(), checkpoint.artists, checkpoint.tokenizer)
    config = TrainingConfig(batch_size=4, window=32, learning_rate=0.02, max_epochs=6)
    Trainer(checkpoint.model, SongStream(encoded, 4, 32), encoded[:3], config).fit()
    checkpoint.model.eval()
    return checkpoint


@pytest.fixture(scope="module")
def result(live: Checkpoint) -> FinetuneResult[Checkpoint]:
    return finetune(live, "live-2", new_songs(6), songs()[:6], CONFIG)


def test_a_new_artists_held_out_text_reads_better(result: FinetuneResult[Checkpoint]) -> None:
    assert result.artists.keys() == {"Pie Larkin"}
    assert result.artists["Pie Larkin"].gain > 0.3
    assert new_songs_of(result).candidate < new_songs_of(result).live


def test_the_candidate_may_copy_neither_the_new_songs_nor_those_read_again(
    live: Checkpoint, result: FinetuneResult[Checkpoint]
) -> None:
    index = result.candidate.copy_index
    assert all(index.first_copy(song.text) == 0 for song in (*new_songs(6), *songs()[:6]))
    assert live.copy_index.num_runs == 0


def test_the_candidate_knows_how_the_new_artist_makes_lines(
    live: Checkpoint, result: FinetuneResult[Checkpoint]
) -> None:
    craft = result.candidate.craft
    assert live.craft == Craft()
    assert craft == Craft().with_songs(new_songs(6))
    assert craft.habits_of("Pie Larkin").scheme != FREE
    assert "knee" in craft.line_ends


def test_the_best_weights_among_those_that_forget_little_are_kept(
    result: FinetuneResult[Checkpoint],
) -> None:
    most = result.others.live + CONFIG.max_loss_on_others
    kept = min(point.new_songs for point in result.curve if point.others <= most)
    assert new_songs_of(result).candidate == pytest.approx(kept)
    assert result.curve[0].new_songs == pytest.approx(new_songs_of(result).live)
    assert result.curve[0].others == pytest.approx(result.others.live)


def test_the_others_lose_no_more_than_allowed(live: Checkpoint) -> None:
    for allowed, is_on in ((0.0, True), (0.05, True), (0.05, False)):
        config = dataclasses.replace(QUICK, max_loss_on_others=allowed, interpolation=is_on)
        assert finetune(live, "v", new_songs(3), [], config).others.gain >= -allowed


def test_on_the_line_back_more_is_gained_than_by_stopping_early(
    live: Checkpoint, result: FinetuneResult[Checkpoint]
) -> None:
    stopped = finetune(
        live, "v", new_songs(6), songs()[:6], dataclasses.replace(CONFIG, interpolation=False)
    )
    assert {point.stage for point in stopped.curve} == {"artists", "training"}
    assert new_songs_of(result).gain > new_songs_of(stopped).gain + 0.1


def test_weights_on_the_line_back_lie_between_where_the_stage_began_and_where_it_went(
    live: Checkpoint,
) -> None:
    """With one stage alone, its beginning is the live checkpoint."""
    config = dataclasses.replace(QUICK, artist_epochs=0.0, max_loss_on_others=10.0)
    far = finetune(live, "v", new_songs(4), [], config).candidate.model.state_dict()
    config = dataclasses.replace(config, max_loss_on_others=0.01)
    near = finetune(live, "v", new_songs(4), [], config).candidate.model.state_dict()
    begun = live.model.state_dict()["projection.bias"]
    way, part = far["projection.bias"] - begun, near["projection.bias"] - begun
    share = float((part @ way) / (way @ way))
    assert 0 < share < 1
    torch.testing.assert_close(part, way * share)


def test_without_their_own_stage_the_rows_move_with_everything(live: Checkpoint) -> None:
    config = dataclasses.replace(QUICK, artist_epochs=0.0)
    result = finetune(live, "v", new_songs(4), [], config)
    assert {point.stage for point in result.curve} == {"training", "interpolation"}
    assert new_songs_of(result).gain > 0


def test_without_the_second_stage_nothing_but_the_new_rows_moves(live: Checkpoint) -> None:
    candidate = finetune(
        live, "v", new_songs(4), [], dataclasses.replace(QUICK, epochs=0.0)
    ).candidate
    old, new = live.model.state_dict(), candidate.model.state_dict()
    rows = new.pop("artist_embedding.weight")
    assert torch.equal(rows[:3], old.pop("artist_embedding.weight"))
    assert all(torch.equal(value, old[name]) for name, value in new.items())
    assert not torch.equal(rows[3], rows[:2].mean(0))


@pytest.mark.parametrize("is_frozen", [True, False])
def test_what_has_a_row_for_each_token_stays_only_if_it_shall(
    live: Checkpoint, is_frozen: bool
) -> None:
    config = dataclasses.replace(QUICK, freeze_vocabulary=is_frozen, max_loss_on_others=10.0)
    candidate = finetune(live, "v", new_songs(4), [], config).candidate
    old, new = live.model.state_dict(), candidate.model.state_dict()
    for name in ("token_embedding.weight", "output_bias"):
        assert torch.equal(old[name], new[name]) is is_frozen
    assert not torch.equal(old["projection.weight"], new["projection.weight"])


def test_taught_by_the_live_one_it_forgets_less(live: Checkpoint) -> None:
    lost = []
    for is_on in (True, False):
        config = dataclasses.replace(
            CONFIG, distillation=is_on, interpolation=False, max_loss_on_others=10.0
        )
        result = finetune(live, "v", new_songs(4), [], config)
        lost.append(-result.others.gain)
    assert lost[0] < 0.95 * lost[1]


def test_averaged_weights_are_other_weights(
    live: Checkpoint, result: FinetuneResult[Checkpoint]
) -> None:
    config = dataclasses.replace(CONFIG, average_decay=0.9)
    averaged = finetune(live, "v", new_songs(6), songs()[:6], config)
    assert new_songs_of(averaged).gain > 0
    assert new_songs_of(averaged).candidate != new_songs_of(result).candidate


def test_a_network_without_rows_needs_the_second_stage(live: Checkpoint) -> None:
    config = dataclasses.replace(live.model.config, conditioning="none")
    plain = dataclasses.replace(live, model=LyricModel(config).eval())
    with pytest.raises(ConfigError, match="no rows of artists to learn; set epochs above 0"):
        finetune(plain, "v", new_songs(2), [], dataclasses.replace(QUICK, epochs=0.0))
    candidate = finetune(plain, "v", new_songs(2), [], QUICK).candidate
    assert candidate.artists[-1] == "Pie Larkin"


def test_the_live_checkpoint_stays_untouched() -> None:
    live, twin = tiny_checkpoint(), tiny_checkpoint()
    result = finetune(live, "v", new_songs(2), songs()[:3], QUICK)
    assert live.artists == twin.artists
    for name, value in twin.model.state_dict().items():
        assert torch.equal(live.model.state_dict()[name], value)
    assert not live.model.training
    ours, theirs = dict(live.model.named_parameters()), result.candidate.model.named_parameters()
    assert all(parameter.data_ptr() != ours[name].data_ptr() for name, parameter in theirs)


def test_the_candidate_is_a_child_of_the_live_one_with_one_more_artist(
    result: FinetuneResult[Checkpoint], live: Checkpoint
) -> None:
    candidate = result.candidate
    assert (candidate.version, candidate.parent) == ("live-2", "live-1")
    assert candidate.artists == (*live.artists, "Pie Larkin")
    assert candidate.languages == (*live.languages, "en")
    assert candidate.model.config.num_artists == len(candidate.artists)
    assert not candidate.model.training
    assert all(parameter.requires_grad for parameter in candidate.model.parameters())


def test_known_artists_can_learn_more_songs(live: Checkpoint) -> None:
    result = finetune(live, "v", new_songs(3, artist="Mara Quill"), [], QUICK)
    assert result.candidate.artists == live.artists
    assert result.artists["Mara Quill"].gain > 0


def test_several_artists_are_measured_each_on_their_own(live: Checkpoint) -> None:
    mixed = new_songs(2) + new_songs(2, artist="Roof Fox") + new_songs(1, artist="Ada Mole")
    result = finetune(live, "v", mixed, [], QUICK)
    assert result.artists.keys() == {"Pie Larkin", "Roof Fox", "Ada Mole"}
    live_bits = [each.live for each in result.artists.values()]
    assert min(live_bits) <= new_songs_of(result).live <= max(live_bits)


def test_one_short_song_is_enough(live: Checkpoint) -> None:
    song = Song("Pie Larkin", "Short", "Cherry for the chimney\nplum upon the plate", "en")
    result = finetune(live, "v", [song], [], QUICK)
    assert math.isfinite(new_songs_of(result).candidate)


def test_a_batch_larger_than_all_that_is_new_is_filled_by_reading_it_again(
    live: Checkpoint,
) -> None:
    config = dataclasses.replace(QUICK, min_epoch_tokens=1, batch_size=16, window=100)
    assert len(finetune(live, "v", new_songs(2), [], config).curve) > 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], "no songs to learn from; submit or import"),
        ([Song("Pie Larkin", "Hum", "Cherry for the chimney", "en")], "one line each"),
    ],
)
def test_what_cannot_be_learned_or_measured_is_refused(
    live: Checkpoint, given: list[Song], reason: str
) -> None:
    with pytest.raises(CorpusError, match=reason):
        finetune(live, "v", given, [], CONFIG)


def test_replay_of_artists_that_the_live_one_never_learned_is_left_out(live: Checkpoint) -> None:
    result = finetune(live, "v", new_songs(2), new_songs(4, artist="Nobody Yet"), QUICK)
    assert "Nobody Yet" not in result.candidate.artists


def test_without_replay_the_others_are_still_measured(live: Checkpoint) -> None:
    config = dataclasses.replace(QUICK, replay_share=0.0, max_loss_on_others=10.0)
    result = finetune(live, "v", new_songs(2), songs(), config)
    assert result.others.live > 0
    assert new_songs_of(result).gain > 0


def test_the_same_seed_gives_the_same_weights(live: Checkpoint) -> None:
    one, other = (finetune(live, "v", new_songs(2), songs()[:3], QUICK) for _ in range(2))
    theirs = other.candidate.model.state_dict()
    assert all(
        torch.equal(value, theirs[name]) for name, value in one.candidate.model.state_dict().items()
    )


def test_progress_tells_of_every_stage_in_order(live: Checkpoint) -> None:
    heard: list[FinetuneProgress] = []
    finetune(live, "v", new_songs(4), [], QUICK, FinetuneHooks(on_progress=heard.append))
    stages = list(dict.fromkeys(progress.stage for progress in heard))
    assert stages == ["replay", "artists", "training", "interpolation", "measuring"]
    fractions = [progress.fraction for progress in heard if progress.stage == "training"]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert [progress.loss for progress in heard if progress.stage == "training"][-1] is not None
    fractions = [progress.fraction for progress in heard if progress.stage == "interpolation"]
    assert fractions == sorted(fractions)


def test_a_new_artist_starts_as_the_mean_of_the_same_language(live: Checkpoint) -> None:
    """So the live side of the comparison is the best guess, not noise."""
    quick = dataclasses.replace(QUICK, artist_learning_rate=1e-12, epochs=0.0)
    rows = live.model.artist_embedding.weight
    means = {"en": rows[:2].mean(0), "zh": rows[2], "und": rows.mean(0)}
    for language, expected in means.items():
        song = Song("Newcomer", "First", _PIE, language)
        candidate = finetune(live, "v", [song], [], quick).candidate
        torch.testing.assert_close(candidate.model.artist_embedding.weight[3], expected)


def test_the_stage_of_the_artist_rows_moves_nobody_elses(live: Checkpoint) -> None:
    config = dataclasses.replace(CONFIG, learning_rate=1e-12)
    candidate = finetune(live, "v", new_songs(3), [], config).candidate
    old, new = live.model.state_dict(), candidate.model.state_dict()
    torch.testing.assert_close(
        new["artist_embedding.weight"][:3], old["artist_embedding.weight"], rtol=0, atol=1e-6
    )
    held_out = encode_songs(songs(), live.artists, live.tokenizer)
    scores = [total_score(each.model, held_out) for each in (live, candidate)]
    assert scores[0].bits_per_character == pytest.approx(scores[1].bits_per_character, abs=1e-4)


Broken = Callable[[], FinetuneConfig | TrainingConfig]


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        (lambda: FinetuneConfig(replay_share=1.0), "replay_share"),
        (lambda: FinetuneConfig(replay_share=-0.1), "replay_share"),
        (lambda: FinetuneConfig(max_loss_on_others=-1.0), "max_loss_on_others"),
        (lambda: FinetuneConfig(epochs=-1.0), "epochs"),
        (lambda: FinetuneConfig(epochs=0.0, artist_epochs=0.0), "epochs must not both be 0"),
        (lambda: FinetuneConfig(average_decay=1.0), "average_decay"),
        (lambda: FinetuneConfig(min_epoch_tokens=0), "min_epoch_tokens"),
        (lambda: TrainingConfig(learning_rate=1e-6), "final_learning_rate"),
    ],
)
def test_an_impossible_setting_is_named(broken: Broken, name: str) -> None:
    with pytest.raises(ConfigError, match=name):
        broken()
