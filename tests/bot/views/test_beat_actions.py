"""The buttons under a beat, and 🎹 under a verse: votes, more, reports, also after a restart."""

from typing import Any

import pytest

from bot.store import Subject
from model.midi import read_midi
from tests.bot.commands.test_beat import beat, piece, stored
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import PNG, Stage
from tests.bot.views.test_moderation import press_old_button, queue, shown


def labels(stage: Stage, message: Any) -> list[str]:
    rows = shown(stage, message).components
    return [each.get("label", "") for row in rows for each in row["components"]]


async def press(stage: Stage, who: Any, message: Any, button: str) -> Any:
    return await who.click(message, custom_id=f"cypher:1:{button}")


async def report(stage: Stage, who: Any, message: Any) -> Any:
    opened = await press(stage, who, message, "report:1:beat")
    return await who.submit_modal(opened, {"kind": ["copy"], "words": ""})


async def test_votes_count_as_on_verses_and_after_a_restart(stage: Stage) -> None:
    card = (await beat(stage)).response
    await stage.rap()
    await press(stage, stage.ben, card, "vote:up:1:beat")
    await stage.restart()
    await press(stage, stage.chen, card, "vote:up:1:beat")
    assert labels(stage, card) == ["2", "0", "Again", "Continue", ""]
    await press(stage, stage.chen, card, "vote:down:1:beat")
    assert labels(stage, card)[:2] == ["1", "1"]
    assert len(shown(stage, card).attachments) == 3
    assert (await stage.store.votes.count(1)).up == 0  # of the verse with that number


async def test_again_makes_another_beat_of_the_same_order(stage: Stage) -> None:
    card = (await beat(stage, tempo=96, prime=("mine.mid", piece()))).response
    result = await press(stage, stage.chen, card, "beatagain:1")
    assert "asked by Chen" in result.response.embeds[0].footer.text
    first, second = await stored(stage), await stored(stage, 2)
    assert (second.style, second.bars, second.tempo) == ("march", 2, 96)
    assert second.prime == first.prime
    assert second.rng_seed != first.rng_seed


async def test_continue_goes_on_from_the_whole_beat(stage: Stage) -> None:
    card = (await beat(stage, style="waltz")).response
    await press(stage, stage.chen, card, "beatmore:1")
    first, second = await stored(stage), await stored(stage, 2)
    before = read_midi(first.result, steps_per_beat=4).frames
    after = read_midi(second.result, steps_per_beat=4).frames
    assert second.style == "waltz"
    num_steps = second.num_prime_steps
    assert 0 < num_steps <= len(before)
    assert (after[:num_steps] == before[:num_steps]).all()
    assert len(after) == 48


async def test_a_verse_gets_a_beat_of_its_own_with_a_bar_for_each_line(stage: Stage) -> None:
    verse = (await stage.rap(lines=3)).response
    result = await press(stage, stage.chen, verse, "beat:1")
    assert result.response.embeds[0].title == "🎹 march"
    kept = await stored(stage)
    assert (kept.verse_id, kept.bars, kept.user_id) == (1, 3, stage.chen.id)
    await press(stage, stage.ben, verse, "beat:1")
    assert (await stored(stage, 2)).result == kept.result
    other = (await stage.rap(lines=3)).response
    await press(stage, stage.ben, other, "beat:2")
    assert (await stored(stage, 3)).result != kept.result


async def test_the_button_of_a_verse_shares_its_cooldown(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, cooldown_s=60)
    verse = (await stage.rap()).response
    assert "You can ask again in 60 s" in only_text(await press(stage, stage.ben, verse, "beat:1"))
    assert (await press(stage, stage.chen, verse, "beat:1")).response.embeds


@pytest.mark.parametrize("button", ["vote:up:9:beat", "beatagain:9", "beatmore:9", "report:9:beat"])
async def test_a_button_of_a_beat_that_is_gone_gets_a_polite_answer(
    stage: Stage, button: str
) -> None:
    assert "That beat is gone" in only_text(await press_old_button(stage, f"cypher:1:{button}"))


async def test_a_beat_of_a_verse_that_is_gone_or_hidden_is_none(stage: Stage) -> None:
    verse = (await stage.rap()).response
    await stage.store.verses.hide(1, stage.admin.id)
    assert "has hidden that verse" in only_text(await press(stage, stage.ben, verse, "beat:1"))
    assert "That verse is gone" in only_text(await press_old_button(stage, "cypher:1:beat:9"))


async def test_a_reported_beat_is_hidden_whole_and_comes_back_whole(stage: Stage) -> None:
    card = (await beat(stage)).response
    await press(stage, stage.ben, card, "vote:up:1:beat")
    assert "Thank you" in only_text(await report(stage, stage.chen, card))
    waiting = await queue(stage)
    assert waiting.embeds[0].title == "🚩 🎹 march"
    assert "1 verse, battle or beat to look at" in waiting.embeds[0].footer.text
    await stage.admin.click(waiting, custom_id="cypher:1:case:hide:1:beat")
    hidden = shown(stage, card)
    assert hidden.embeds[0]["description"] == "*Hidden by a moderator.*"
    assert "image" not in hidden.embeds[0]
    assert hidden.attachments == []
    for old in ("vote:up:1:beat", "beatagain:1", "beatmore:1", "report:1:beat"):
        told = only_text(await press_old_button(stage, f"cypher:1:{old}"))
        assert "beat" in told
        assert "hidden" in told or "gone" in told
    await stage.admin.click(card, custom_id="cypher:1:case:unhide:1:beat")
    back = shown(stage, card)
    assert back.embeds[0]["description"] == "2 bars · 100 beats per minute"
    assert back.attachments[0]["filename"] == "beat-1.png"
    assert stage.world.env.backend.cdn.get(back.attachments[0]["url"]) == PNG
    assert labels(stage, card)[:2] == ["1", "0"]


async def test_a_report_is_kept_of_the_beat(stage: Stage) -> None:
    card = (await beat(stage)).response
    await report(stage, stage.chen, card)
    case = await stage.store.reports.case(Subject("beat", 1), stage.channel.guild.id)
    assert [each.reporter_id for each in case.reports] == [stage.chen.id]
