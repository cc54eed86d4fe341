"""Votes teach when there are enough, and a run reads the verses as they were written."""

import pytest

from bot.config import Config
from bot.errors import NothingToTrain
from bot.retraining.judged import NOTHING, Judged, gather
from tests.bot.retraining.conftest import Life, living
from tests.bot.store.examples import new_verse

ARTIST = "Mara Quill"


async def vote_on_verses(life: Life, num_verses: int = 12, num_voters: int = 5) -> None:
    """Each voter likes every other verse."""
    for number in range(num_verses):
        verse = await life.store.verses.add(
            new_verse(artist="mara quill", seed="Low", text=f"Low tide {number}\nHigh tide")
        )
        for voter in range(1, num_voters + 1):
            await life.store.votes.cast(verse.id, voter, 1 if number % 2 else -1)


async def judged(life: Life, **settings: object) -> Judged:
    config = life.config.retraining.model_copy(update={"min_votes": 60, **settings})
    return await gather(life.store, [ARTIST], config)


async def test_verses_come_with_their_weight_and_opening_and_the_artist_as_the_model_spells_it(
    life: Life,
) -> None:
    await vote_on_verses(life)
    given = await judged(life)
    assert [verse.text.split("\n")[0] for verse in given.verses] == [
        f"Low tide {number}" for number in range(12)
    ]
    assert {(verse.artist, verse.seed) for verse in given.verses} == {(ARTIST, "Low")}
    assert all((verse.weight > 0) is (number % 2 == 1) for number, verse in enumerate(given.verses))
    assert (given.num_votes, given.num_voters) == (60, 5)
    assert given.until is not None


@pytest.mark.parametrize("setting", [{"min_votes": 61}, {"votes_share": 0.0}])
async def test_votes_teach_nothing_before_there_are_enough_or_when_they_shall_not(
    life: Life, setting: dict[str, object]
) -> None:
    await vote_on_verses(life)
    assert await judged(life, **setting) is NOTHING


async def test_a_few_members_do_not_teach_however_much_they_vote(life: Life) -> None:
    await vote_on_verses(life, num_verses=20, num_voters=4)
    assert await judged(life) is NOTHING


async def test_verses_of_an_artist_that_the_model_does_not_know_are_left_out(life: Life) -> None:
    await vote_on_verses(life)
    config = life.config.retraining.model_copy(update={"min_votes": 60})
    assert await gather(life.store, ["Roof Fox"], config) is NOTHING


async def test_what_a_run_was_given_can_be_given_again(life: Life) -> None:
    await vote_on_verses(life)
    given = await judged(life)
    late = await life.store.verses.add(new_verse(artist=ARTIST))
    await life.store.votes.cast(late.id, 9, 1)
    config = life.config.retraining.model_copy(update={"min_votes": 60})
    assert await gather(life.store, [ARTIST], config, given.until) == given


@pytest.mark.timeout(300)
async def test_enough_votes_alone_make_a_run_whose_candidate_goes_live(config: Config) -> None:
    """The real child; its figures say what was counted, and the verses leave with the run."""
    settings = {"min_votes": 60, "max_loss_on_others": 10.0}
    eager = config.retraining.model_copy(update=settings)
    async with living(config.model_copy(update={"retraining": eager}), is_real=True) as life:
        await vote_on_verses(life)
        run = await life.start()
        await life.follow(run)
        ended = await life.stored(run)
        assert ended.state == "promoted", ended.reason
        assert ended.num_lyrics == 0
        counted = ended.figures["votes"]
        assert (counted["num_verses"], counted["num_votes"], counted["num_voters"]) == (12, 60, 5)
        assert counted["margin"] > 0
        assert not list(life.folder(run).glob("*.jsonl"))
        with pytest.raises(NothingToTrain):
            await life.start()
