"""What was asked for before a kill is answered after it: once, in its place, or with an apology."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.generation import GenerationService
from bot.store import PendingRequest
from bot.store.types import utc_now
from bot.views.pending import Pending
from tests.bot.commands.test_beat import piece
from tests.bot.conftest import ARTIST, Stage


async def all_pending(stage: Stage) -> list[PendingRequest]:
    async with stage.store.database.writer():
        pass  # what is being written is written
    await stage.store.pending.flush()
    return await stage.store.pending.all()


async def restart_over(stage: Stage, left: list[PendingRequest]) -> None:
    """As if the process had been killed with these in the database."""
    pending = stage.app.services.pending
    pending._left = left
    await stage.restart()


async def noted(stage: Stage, monkeypatch: pytest.MonkeyPatch, act: Any) -> PendingRequest:
    """The request of an act as it is on the disk while its verse is being made, and the answer."""
    seen: list[PendingRequest] = []

    def noting(original: Any) -> Any:
        async def make(self: GenerationService, *args: Any, **kwargs: Any) -> Any:
            seen.extend(await all_pending(stage))
            return await original(self, *args, **kwargs)

        return make

    for name in ("generate", "compose"):
        monkeypatch.setattr(GenerationService, name, noting(getattr(GenerationService, name)))
    await act
    monkeypatch.undo()
    (request,) = seen
    return request


async def test_a_request_is_on_the_disk_until_it_is_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await noted(stage, monkeypatch, stage.rap())
    assert (request.user_id, request.verse_id) == (stage.ben.id, None)
    assert request.request["data"]["name"] == "rap"
    assert "token" not in str(request.request)
    assert request.token not in repr(request)
    assert await all_pending(stage) == []


async def test_a_request_without_a_verse_is_made_again_in_its_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await noted(stage, monkeypatch, stage.rap("salt"))
    await restart_over(stage, [request])
    verses = [await stage.store.verses.get(number) for number in (1, 2)]
    assert [verse.seed for verse in verses if verse] == ["salt", "salt"]
    assert len({verse.message_id for verse in verses if verse}) == 1
    assert await all_pending(stage) == []


async def test_a_stored_verse_is_shown_with_the_votes_of_now(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await noted(stage, monkeypatch, stage.rap())
    await stage.store.votes.cast(1, 99, 1)
    await restart_over(stage, [replace(request, verse_id=1)])
    assert await stage.store.verses.get(2) is None  # made no second time
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.message_id is not None
    message = stage.world.env.backend.get_message(stage.channel.id, verse.message_id)
    assert message.components[0]["components"][0]["label"] == "1"
    assert await all_pending(stage) == []


async def test_a_beat_is_made_again_with_its_file_and_a_stored_one_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = stage.ben.slash(stage.channel, "beat", bars=2, prime=("mine.mid", piece()))
    request = await noted(stage, monkeypatch, asked)
    assert request.answer is None
    await restart_over(stage, [request])
    beats = [await stage.store.beats.get(number) for number in (1, 2)]
    assert len({beat.prime for beat in beats if beat}) == 1
    await stage.store.beat_votes.cast(2, 99, 1)
    await restart_over(stage, [replace(request, beat_id=2)])
    assert await stage.store.beats.get(3) is None
    (message_id,) = {beat.message_id for beat in beats if beat}
    message = stage.world.env.backend.get_message(stage.channel.id, message_id or 0)
    assert message.components[0]["components"][0]["label"] == "1"
    assert message.attachments[0]["filename"] == "beat-2.png"
    assert await all_pending(stage) == []


async def test_a_press_is_taken_up_as_well(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    card = (await stage.rap()).response
    press = stage.chen.click(card, label="Again")
    request = await noted(stage, monkeypatch, press)
    await restart_over(stage, [request])
    verse = await stage.store.verses.get(3)
    assert verse is not None
    assert (verse.artist, verse.seed, verse.user_id) == (ARTIST, "slim", stage.chen.id)
    assert verse.message_id is not None


async def test_those_that_cannot_be_answered_get_one_apology(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await noted(stage, monkeypatch, stage.rap())
    expired = replace(request, expires_at=utc_now() - timedelta(minutes=1))
    unknown = replace(request, interaction_id=1, token="gone")
    forgotten = replace(request, expires_at=utc_now() - timedelta(days=1))
    await restart_over(stage, [expired, unknown, forgotten])
    sent = [each for each in stage.world.env.http_requests if each.path.endswith("/messages")]
    bodies: list[Any] = [each.json for each in sent]
    said = [each["content"] for each in bodies]
    assert said == ["I was restarted, and 2 requests from here are lost. Sorry! Ask me again."]


async def test_a_closing_bot_begins_nothing_new_and_says_so(stage: Stage) -> None:
    stage.app.services.in_flight.close()
    refused = await stage.rap()
    assert refused.response.content == "I am restarting. Ask me again in a minute."
    assert refused.response.ephemeral
    assert await all_pending(stage) == []


async def test_what_a_closing_bot_breaks_off_is_kept_without_a_word(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        stage.app.services.pending.close()
        raise RuntimeError("Session is closed")

    monkeypatch.setattr(GenerationService, "generate", broken)
    await stage.rap()
    monkeypatch.undo()
    kept = await all_pending(stage)
    assert len(kept) == 1
    await restart_over(stage, kept)
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.seed == "slim"
    assert await all_pending(stage) == []


async def test_an_expired_token_leaves_the_disk(stage: Stage) -> None:
    store = stage.store.pending
    request = PendingRequest(
        interaction_id=1,
        application_id=2,
        token="t",
        guild_id=None,
        channel_id=None,
        user_id=3,
        locale="en-US",
        request={},
        expires_at=utc_now() - timedelta(seconds=1),
    )
    store.note(request)
    store.note(replace(request, interaction_id=2, expires_at=utc_now() + timedelta(minutes=1)))
    await store.flush()
    assert await store.sweep(utc_now()) == 1
    assert [each.interaction_id for each in await store.all()] == [2]


async def test_requests_are_written_by_themselves(stage: Stage) -> None:
    store = stage.store
    async with Pending(store).running() as pending:
        store.pending.note(
            PendingRequest(
                interaction_id=1,
                application_id=2,
                token="t",
                guild_id=None,
                channel_id=None,
                user_id=3,
                locale="en-US",
                request={},
                expires_at=utc_now() + timedelta(minutes=1),
            )
        )
        pending._news.set()
        async with asyncio.timeout(10):
            while not await store.pending.all():
                await asyncio.sleep(0.01)
    async with Pending(store).running() as another:
        assert another.take_left(3) == []
        assert len(another.take_left(2)) == 1
        assert another.take_left(2) == []
