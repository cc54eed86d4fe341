"""/submit-beat: a MIDI file goes the way of lyrics: consent, checks, review, withdrawal."""

import json
from typing import Any

import pytest

from bot.config import Config
from bot.rendering.renderer import Renderer
from bot.store import StoredPiece
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submissions import card_of, choose, review
from tests.bot.commands.test_submit import submit
from tests.bot.conftest import Stage, on_stage
from tests.bot.submissions.pieces import midi


@pytest.fixture(autouse=True)
def _drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def made(*_: Any, **__: Any) -> bytes:
        return b"a picture, or a sound"

    monkeypatch.setattr(Renderer, "picture", made)
    monkeypatch.setattr(Renderer, "audio", made)


async def submit_beat(
    stage: Stage,
    data: bytes | None = None,
    *,
    style: str = "Polka",
    consent: bool = True,
    title: str = "The Green Hat",
) -> Any:
    """As Ben: the command, then the form."""
    file = ("green_hat.mid", midi(1) if data is None else data)
    shown = await stage.ben.slash(stage.channel, "submit-beat", style=style, file=file)
    if shown.modal is None:
        return shown
    return await stage.ben.submit_modal(shown, {"title": title, "consent": consent})


async def pieces(stage: Stage) -> list[StoredPiece]:
    return await stage.store.review.pieces("beats", after_id=0, limit=9)


async def test_a_beat_waits_for_review_with_its_consent_as_notes_alone(stage: Stage) -> None:
    told = only_text(await submit_beat(stage))
    assert "“The Green Hat” (Polka) is in review as submission 1" in told
    (beat,) = await stage.store.lyrics.pending(stage.channel.guild.id)
    assert (beat.kind, beat.artist, beat.text, beat.source) == (
        "beats",
        "Polka",
        "",
        "green_hat.mid",
    )
    assert beat.midi == midi(1)
    assert beat.consent_at is not None
    assert beat.artist_guild_id == stage.channel.guild.id
    assert await stage.store.artists.find("Polka", stage.channel.guild.id) is None


async def test_the_form_says_that_it_trains_the_model_and_without_consent_nothing_is_kept(
    stage: Stage,
) -> None:
    file = ("a.mid", midi(1))
    shown = await stage.ben.slash(stage.channel, "submit-beat", style="Polka", file=file)
    assert "train the model" in shown.modal["components"][0]["content"]
    assert "Without your consent" in only_text(await submit_beat(stage, consent=False))
    assert await pieces(stage) == []


async def test_a_style_is_suggested_as_it_is_typed_and_may_be_new(stage: Stage) -> None:
    offered = await stage.ben.autocomplete(stage.channel, "submit-beat", "style", "Polka")
    assert [each["value"] for each in offered] == ["Polka"]


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"MThd" + b"\0" * 40, "MIDI"), (midi(1, num_bars=2), "2 bars"), (b"x" * 300_000, "KiB")],
)
async def test_what_is_no_piece_gets_a_sentence(stage: Stage, data: bytes, told: str) -> None:
    assert told in only_text(await submit_beat(stage, data))
    assert await pieces(stage) == []


async def test_music_in_the_command_for_words_is_shown_the_way(stage: Stage) -> None:
    file = ("a.mid", midi(1))
    shown = await stage.ben.slash(stage.channel, "submit", artist="Nova Brine", file=file)
    sent = await stage.ben.submit_modal(shown, {"title": "a", "consent": True})
    assert "/submit-beat" in only_text(sent)


async def test_the_same_piece_or_nearly_the_same_in_another_key_is_refused(stage: Stage) -> None:
    await submit_beat(stage, midi(1, num_bars=16))
    again = only_text(await submit_beat(stage, midi(1, num_bars=16)))
    assert "“The Green Hat” (Polka) is already waiting for review" in again
    higher = only_text(await submit_beat(stage, midi(1, num_bars=16, higher=3), style="Waltz"))
    assert "100 % that of your “The Green Hat”" in higher
    assert len(await pieces(stage)) == 1


async def test_lyrics_and_beats_share_the_quotas(config: Config) -> None:
    limits = config.submissions.model_copy(update={"max_pending_per_user": 1})
    async with on_stage(config.model_copy(update={"submissions": limits})) as stage:
        await submit(stage)
        shown = await stage.ben.slash(
            stage.channel, "submit-beat", style="Polka", file=("a.mid", midi(1))
        )
        assert "1" in only_text(shown)
        assert shown.modal is None


async def test_a_reviewer_sees_and_hears_it_and_decides_with_reasons_for_music(
    stage: Stage,
) -> None:
    await submit_beat(stage)
    shown = await review(stage)
    names = [each.filename for each in shown.response.attachments]
    assert names == ["submission-1.png", "submission-1.mp3", "submission-1.mid"]
    card = card_of(shown)
    assert "Polka – The Green Hat" in card["title"]
    assert "Piano roll." in card["description"]
    assert "Language" not in {field["name"] for field in card["fields"]}
    reasons = json.dumps(shown.response.components)
    assert "not in that style" in reasons
    assert "not by that artist" not in reasons
    pressed = await choose(stage, shown, "refuse", "wrong_style")
    assert "Refused: “The Green Hat” (Polka)" in pressed.response.content
    (left,) = [await stage.store.lyrics.get(1)]
    assert left is not None
    assert (left.state, left.reason) == ("refused", "wrong_style")


async def test_withdrawn_notes_are_erased_and_may_come_back(stage: Stage) -> None:
    await submit_beat(stage)
    shown = await stage.ben.slash(stage.channel, "withdraw")
    pressed = await stage.ben.click(shown.response, label="Withdraw 1")
    assert "its notes are erased" in pressed.response.content
    (gone,) = await stage.store.lyrics.of_member(stage.ben.id)
    assert (gone.state, gone.midi) == ("withdrawn", None)
    await submit_beat(stage)
    assert len(await pieces(stage)) == 1


async def test_a_member_who_leaves_takes_the_notes_along(stage: Stage) -> None:
    await submit_beat(stage)
    told = await stage.store.members.export(stage.ben.id)
    (row,) = told["lyrics and beats you handed in"]
    assert (row["kind"], row["artist"]) == ("beats", "Polka")
    await stage.store.members.forget(stage.ben.id, erase_verses=True)
    assert await pieces(stage) == []
