"""/submit: lyrics with consent go into review; anything else gets a sentence of its own."""

from typing import Any

import pytest

from bot.config import Config
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import Stage, on_stage

LYRICS = """[Verse 1: Nova Brine]
I keep the tide inside a jar of glass
And let it out when all the tourists pass

[Chorus]
Salt on the window, salt on the floor
The sea wants nothing, and then it wants more"""


async def submit(
    stage: Stage, *, artist: str = "Nova Brine", file: tuple[str, bytes] | None = None, **typed: Any
) -> Any:
    """As Ben: the command, then the form."""
    options: dict[str, Any] = {"file": file} if file else {}
    shown = await stage.ben.slash(stage.channel, "submit", artist=artist, **options)
    if shown.modal is None:
        return shown
    words = {} if file else {"lyrics": LYRICS}
    values = {"title": "Jar of Glass", "consent": True, **words, **typed}
    return await stage.ben.submit_modal(shown, values)


async def test_typed_lyrics_are_cleaned_and_wait_for_review_with_their_consent(
    stage: Stage,
) -> None:
    told = only_text(await submit(stage))
    assert "“Jar of Glass” by Nova Brine is in review as submission 1" in told
    (lyrics,) = await stage.store.lyrics.pending(stage.channel.guild.id)
    assert lyrics.text.startswith("I keep the tide")
    assert "[" not in lyrics.text
    assert (lyrics.artist, lyrics.language, lyrics.source) == ("Nova Brine", "en", "modal")
    assert lyrics.submitter_id == stage.ben.id
    assert lyrics.consent_at is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_a_text_file_is_taken_and_its_name_suggests_the_title(
    stage: Stage, encoding: str
) -> None:
    file = ("jar_of_glass.txt", LYRICS.encode(encoding))
    shown = await stage.ben.slash(stage.channel, "submit", artist="Nova Brine", file=file)
    title = shown.modal["components"][1]["component"]
    assert title["value"] == "jar of glass"
    await stage.ben.submit_modal(shown, {"title": title["value"], "consent": True})
    (lyrics,) = await stage.store.lyrics.pending()
    assert (lyrics.title, lyrics.source) == ("jar of glass", "jar_of_glass.txt")
    assert lyrics.text.startswith("I keep the tide")


async def test_a_form_that_nobody_sends_is_forgotten_after_a_day(stage: Stage) -> None:
    assert stage.app.bot is not None
    forms = stage.app.bot._connection._view_store._modals
    await stage.ben.slash(stage.channel, "submit", artist="Nova Brine")
    await stage.world.env.advance_time(23 * 3600)
    assert len(forms) == 1
    await stage.world.env.advance_time(2 * 3600)
    assert not forms


async def test_the_form_says_that_lyrics_train_the_model(stage: Stage) -> None:
    shown = await stage.ben.slash(stage.channel, "submit", artist="Nova Brine")
    assert "train the model" in shown.modal["components"][0]["content"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"consent": False}, "Without your consent"),
        ({"lyrics": "too short"}, "9 characters"),
        ({"lyrics": "?! " * 60}, "no words"),
    ],
)
async def test_a_form_that_cannot_be_taken_gets_its_own_sentence(
    stage: Stage, typed: dict[str, Any], told: str
) -> None:
    assert told in only_text(await submit(stage, **typed))
    assert await stage.store.lyrics.pending() == []


async def test_words_typed_into_a_form_that_is_refused_are_given_back(stage: Stage) -> None:
    refused = await submit(stage, consent=False)
    assert "so that it is not lost" in only_text(refused)
    (reply,) = [each for each in (refused.response, *refused.followups) if each is not None]
    (given_back,) = reply.attachments
    assert given_back.filename == "your-words.txt"
    assert given_back.size == len(LYRICS.encode())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, "not text"),
        ("Ein Tag im Süden ".encode("latin-1") * 9, "not in UTF-8"),
        ("春风又绿江南岸".encode("gb18030") * 20, "not in UTF-8"),
        (("salt " * 5 + "\n").encode() * 900, "more than 20,000"),
        (b"x" * 300_000, "KiB"),
    ],
)
async def test_a_file_that_cannot_be_taken_gets_its_own_sentence(
    stage: Stage, content: bytes, told: str
) -> None:
    assert told in only_text(await submit(stage, file=("song.txt", content)))
    assert await stage.store.lyrics.pending() == []


async def test_a_file_over_the_limit_is_never_fetched(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stage.app.bot is not None

    async def refuse(url: str) -> bytes:
        raise AssertionError(f"fetched {url}")

    monkeypatch.setattr(stage.app.bot.http, "get_from_cdn", refuse)
    only_text(await submit(stage, file=("song.txt", b"x" * 300_000)))


async def test_the_same_words_are_taken_once(stage: Stage) -> None:
    await submit(stage)
    told = only_text(await submit(stage, lyrics=LYRICS.upper(), title="Another Name"))
    assert "already waiting for review" in told
    assert len(await stage.store.lyrics.pending()) == 1


async def test_a_member_may_have_so_many_in_review(config: Config) -> None:
    few = config.submissions.model_copy(update={"max_pending_per_user": 1})
    async with on_stage(config.model_copy(update={"submissions": few})) as stage:
        await submit(stage)
        again = await submit(stage, lyrics=LYRICS + "\nOne more line of salt")
        assert "1 submissions waiting" in only_text(again)


@pytest.mark.parametrize("artist", [" \u200b ", "x" * 200])
async def test_an_artist_needs_a_name_of_some_length(stage: Stage, artist: str) -> None:
    assert "name" in only_text(await submit(stage, artist=artist))


async def test_the_operator_and_each_server_can_close_submissions(
    stage: Stage, config: Config
) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, submissions_enabled=False)
    assert "turned off" in only_text(await submit(stage))


async def test_closed_in_the_configuration_no_form_opens(config: Config) -> None:
    closed = config.submissions.model_copy(update={"enabled": False})
    async with on_stage(config.model_copy(update={"submissions": closed})) as stage:
        assert "turned off" in only_text(await submit(stage))


async def test_no_verse_may_copy_lyrics_that_were_just_handed_in(stage: Stage) -> None:
    line = "and let it out when all the tourists leave"
    assert not stage.app.services.generation.guard().would_copy(line)
    await submit(stage)
    assert stage.app.services.generation.guard().would_copy(line)


async def test_no_verse_may_copy_what_was_handed_in_before_the_start(config: Config) -> None:
    async with on_stage(config) as stage:
        await submit(stage)
    async with on_stage(config) as stage:
        guard = stage.app.services.generation.guard("I keep the tide inside a")
        assert guard.would_copy(" jar")
        assert not guard.would_copy(" hat")
