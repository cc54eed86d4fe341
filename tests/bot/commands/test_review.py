"""The review card says what a reviewer needs; many are decided on at once, and taken back."""

from typing import Any

from bot.store import Lyrics
from bot.submissions import HandedIn, Submitter
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submissions import card_of, choose, open_to_everybody, review
from tests.bot.commands.test_submit import LYRICS, OTHER_LYRICS, submit
from tests.bot.conftest import Stage

THIRD = """The baker sings before the break of day
His window is a yellow square of light
Whoever walks on home along that way
Will smell the morning in the end of night"""
DOUBTFUL = """<b>The postman</b> has a bicycle of rust
He rings it at the corner of the lane
The letters in his bag are full of dust
And every one of them will come again"""


def fields(result: Any) -> dict[str, str]:
    return {field["name"]: field["value"] for field in card_of(result)["fields"]}


async def hand_in(stage: Stage, words: str, title: str, member: Any = None) -> Lyrics:
    """Past the form, which has tests of its own."""
    member = member or stage.ben
    return await stage.app.services.submissions.take(
        HandedIn(artist="Nova Brine", title=title, content=words, source="modal"),
        Submitter(
            user_id=member.id,
            guild_id=stage.channel.guild.id,
            has_account_since=stage.world.env.now().replace(year=2020),
        ),
    )


async def states(stage: Stage) -> list[str]:
    found = [await stage.store.lyrics.get(number) for number in range(1, 9)]
    return [each.state for each in found if each is not None]


async def test_the_card_says_who_when_how_and_in_which_language(stage: Stage) -> None:
    await submit(stage)
    shown = fields(await review(stage))
    assert f"<@{stage.ben.id}>\n✅ 0 · ❌ 0 before\naccount since <t:" in shown["From"]
    assert shown["Came"].endswith("typed\n164 characters")
    assert "<t:" in shown["Came"]
    assert shown["Language"].startswith("English, ")
    assert set(shown) == {"From", "Came", "Language"}


async def test_the_card_of_a_file_names_it_and_counts_what_was_decided_before(
    stage: Stage,
) -> None:
    for title, words in (("A", LYRICS), ("B", OTHER_LYRICS)):
        await hand_in(stage, words, title)
    await stage.store.lyrics.review(1, True, 1)
    await stage.store.lyrics.review(2, False, 1)
    await submit(stage, file=("third_song.txt", THIRD.encode()))
    shown = fields(await review(stage))
    assert "✅ 1 · ❌ 1 before" in shown["From"]
    assert "third\\_song.txt" in shown["Came"]


async def test_what_is_alike_is_named_and_quoted(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    await hand_in(stage, "\n".join([OTHER_LYRICS, *LYRICS.splitlines()[-2:]]), "Lamp")
    result = await stage.admin.click((await review(stage)).response, label="Skip")
    told = fields(result)["In common"]
    assert "% of the words are in “Jar” by Nova Brine (number 1)." in told
    assert "> Salt on the window, salt on the floor" in told


async def test_doubts_are_listed_and_their_lines_marked(stage: Stage) -> None:
    await stage.store.words.add(stage.channel.guild.id, "bicycle", 1)
    await hand_in(stage, DOUBTFUL, "Post")
    result = await review(stage)
    assert fields(result)["Doubts"] == (
        "⚠️ words that are not said here (line 1)\n⚠️ markup, or signs that are no verse (line 1)"
    )
    lines = card_of(result)["description"].splitlines()
    assert [line.startswith("⚠️") for line in lines] == [True, False, False, False]


async def test_a_reason_is_read_by_whoever_handed_it_in(stage: Stage) -> None:
    await submit(stage)
    pressed = await choose(stage, await review(stage), "refuse", "wrong_artist")
    assert "❌ Refused: “Jar of Glass” (Nova Brine)." in pressed.response.content
    mine = await stage.ben.slash(stage.channel, "withdraw")
    assert "refused\n> This is not by that artist" in card_of(mine)["description"]


async def test_a_chinese_member_reads_the_reason_in_chinese(stage: Stage) -> None:
    lyrics = await hand_in(stage, LYRICS, "Jar", stage.lin)
    await stage.store.lyrics.review(lyrics.id, False, 1, "wrong_artist")
    mine = await stage.lin.slash(stage.channel, "withdraw")
    assert "> 这不是该作者的作品" in card_of(mine)["description"]


async def test_another_reason_is_typed_and_shown_without_effect(stage: Stage) -> None:
    await submit(stage)
    shown = await choose(stage, await review(stage), "refuse", "other")
    pressed = await stage.admin.submit_modal(shown, {"reason": "see @everyone **first**"})
    assert "❌ Refused" in pressed.response.content
    mine = card_of(await stage.ben.slash(stage.channel, "withdraw"))["description"]
    assert "> see @\u200beveryone \\*\\*first\\*\\*" in mine


async def test_a_decision_is_taken_back_in_one_press(stage: Stage) -> None:
    await submit(stage)
    pressed = await stage.admin.click((await review(stage)).response, label="Approve")
    assert await states(stage) == ["approved"]
    back = await stage.admin.click(pressed.response, label="↩️ Take back")
    assert "↩️ 1 submission is in review again." in back.response.content
    assert card_of(back)["title"] == "Nova Brine – Jar of Glass"
    assert await states(stage) == ["pending"]


async def test_all_without_doubts_are_approved_after_being_named(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    await hand_in(stage, DOUBTFUL, "Post")
    await hand_in(stage, THIRD, "Baker", stage.chen)
    asked = await choose(stage, await review(stage), "bulk", "approve-clear")
    card = card_of(asked)
    assert card["title"] == "Approve 2 submissions?"
    assert "Nova Brine – Jar" in card["description"]
    assert "Nova Brine – Baker" in card["description"]
    assert "Post" not in card["description"]
    assert await states(stage) == ["pending"] * 3
    await hand_in(stage, OTHER_LYRICS, "Lamp")  # after it was asked
    done = await stage.admin.click(asked.response, label="Approve 2")
    assert "✅ 2 submissions approved." in done.response.content
    assert await states(stage) == ["approved", "pending", "approved", "pending"]
    back = await stage.admin.click(done.response, label="↩️ Take back")
    assert "2 submissions are in review again" in back.response.content
    assert await states(stage) == ["pending"] * 4


async def test_all_of_one_member_are_refused_with_one_reason(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    await hand_in(stage, OTHER_LYRICS, "Lamp")
    await hand_in(stage, THIRD, "Baker", stage.chen)
    asked = await choose(stage, await review(stage), "bulk", f"refuse-by{stage.ben.id}")
    assert card_of(asked)["title"] == "Refuse 2 submissions?"
    done = await choose(stage, asked, "refuseall", "not_lyrics")
    assert "❌ 2 submissions refused." in done.response.content
    assert await states(stage) == ["refused", "refused", "pending"]


async def test_a_proposal_that_is_cancelled_decides_nothing(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    asked = await choose(stage, await review(stage), "bulk", "approve-all")
    cancelled = await stage.admin.click(asked.response, label="Cancel")
    assert card_of(cancelled)["title"] == "Nova Brine – Jar"
    assert await states(stage) == ["pending"]


async def test_a_proposal_that_was_overtaken_decides_nothing(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    await hand_in(stage, THIRD, "Baker")
    asked = await choose(stage, await review(stage), "bulk", "approve-all")
    await stage.store.lyrics.review(1, False, 1)
    told = await stage.admin.click(asked.response, label="Approve 2")
    assert "it would be 1 submissions now, not 2. Nothing was decided" in only_text(told)
    assert await states(stage) == ["refused", "pending"]


async def test_one_looks_at_those_with_doubts_alone(stage: Stage) -> None:
    await hand_in(stage, LYRICS, "Jar")
    await hand_in(stage, DOUBTFUL, "Post")
    shown = await choose(stage, await review(stage), "queue", "doubtful")
    assert card_of(shown)["title"] == "Nova Brine – Post"
    assert card_of(shown)["footer"]["text"] == "submission 2 · 1 of 2 in review"
    pressed = await stage.admin.click(shown.response, label="Approve")
    assert card_of(pressed)["title"] == "None of these is in review any more"
    everything = await stage.admin.click(pressed.response, label="Show everything")
    assert card_of(everything)["title"] == "Nova Brine – Jar"


async def test_selects_work_after_a_restart(stage: Stage) -> None:
    await submit(stage)
    shown = await review(stage)
    await stage.restart()
    await choose(stage, shown, "refuse", "duplicate")
    assert await states(stage) == ["refused"]


async def test_nothing_of_another_server_is_shown_or_decided_on(stage: Stage) -> None:
    new = await hand_in(stage, LYRICS, "Jar")
    shown = await review(stage)
    async with stage.store.database.writer() as session:
        from sqlalchemy import update

        from bot.store.tables import LyricsRow

        await session.execute(update(LyricsRow).where(LyricsRow.id == new.id).values(guild_id=1))
    assert card_of(await review(stage))["title"] == "Nothing is in review"
    assert "no submission 1" in only_text(await stage.admin.click(shown.response, label="Approve"))
    asked = await choose(stage, shown, "bulk", "approve-all")
    assert card_of(asked)["title"] == "Nothing is in review"
    assert await states(stage) == ["pending"]


async def test_the_role_for_reviews_decides_but_does_not_approve_its_own(stage: Stage) -> None:
    role = stage.channel.guild.create_role("Reviewers")
    await stage.store.guilds.set(stage.channel.guild.id, review_role_id=role.id)
    user = stage.world.env.create_user("rita")
    rita = stage.channel.guild.add_member(user, roles=[role])
    await hand_in(stage, LYRICS, "Jar", rita)
    await hand_in(stage, THIRD, "Baker")
    open_to_everybody(stage, "submissions")
    shown = await rita.slash(stage.channel, "submissions")
    assert "That one is yours" in only_text(await rita.click(shown.response, label="Approve"))
    asked = await choose(stage, shown, "bulk", "approve-all", rita)
    assert card_of(asked)["title"] == "Approve 1 submission?"
    await rita.click(asked.response, label="Approve 1")
    assert await states(stage) == ["pending", "approved"]
