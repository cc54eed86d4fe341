"""/submit: lyrics with consent go into review; anything else gets a sentence of its own."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.config import Config
from bot.errors import AccountTooYoung
from bot.submissions import Findings, HandedIn, Submitter
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import Stage, on_stage
from tests.bot.store.examples import new_lyrics, song

LYRICS = """[Verse 1: Nova Brine]
I keep the tide inside a jar of glass
And let it out when all the tourists pass

[Chorus]
Salt on the window, salt on the floor
The sea wants nothing, and then it wants more"""

OTHER_LYRICS = """My lamp has burned the oil of seven nights
And still the page is whiter than the moon
I write to nobody of little sights
A moth, a spider's thread, a silver spoon"""


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
        again = await submit(stage, lyrics=OTHER_LYRICS)
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


async def test_nearly_the_same_words_are_refused_by_the_name_of_what_is_there(
    stage: Stage,
) -> None:
    await submit(stage)
    told = only_text(await submit(stage, lyrics=LYRICS + "\nAnd a last line", title="Another"))
    assert "% those of your “Jar of Glass” by Nova Brine" in told
    shown = await stage.chen.slash(stage.channel, "submit", artist="Nova Brine")
    typed = {"title": "Mine", "consent": True, "lyrics": LYRICS.replace("tourists", "people")}
    assert "those of “Jar" in only_text(await stage.chen.submit_modal(shown, typed))
    assert len(await stage.store.lyrics.pending()) == 1


async def test_nearly_the_same_words_of_another_server_are_taken_and_not_spoken_of(
    stage: Stage,
) -> None:
    await stage.store.lyrics.submit(new_lyrics(text=LYRICS, guild_id=1))
    told = only_text(await submit(stage, lyrics=LYRICS + "\nAnd a last line"))
    assert "is in review" in told
    (lyrics,) = await stage.store.lyrics.pending(stage.channel.guild.id)
    findings = Findings.from_json(lyrics.findings)
    assert findings is not None
    assert (findings.similarity, findings.similar_to) == (0.0, None)


async def test_what_is_a_little_alike_is_noted_for_the_reviewer(stage: Stage) -> None:
    await submit(stage)
    half = "\n".join(LYRICS.splitlines()[-2:])
    await submit(stage, lyrics=f"{OTHER_LYRICS}\n{half}", title="Half")
    lyrics = (await stage.store.lyrics.pending())[-1]
    findings = Findings.from_json(lyrics.findings)
    assert findings is not None
    assert 0.2 < findings.similarity < 0.4
    assert (findings.similar_to, findings.language, findings.flags) == (1, "en", ())


async def test_what_another_process_imported_is_known_too(stage: Stage) -> None:
    await stage.store.lyrics.import_songs([song("Imported", LYRICS + "\nAnd a last line")])
    assert "those of “Imported” by Kettle Jones" in only_text(await submit(stage))


async def test_two_who_hand_in_nearly_the_same_at_once_are_told_apart(stage: Stage) -> None:
    submissions = stage.app.services.submissions
    old = datetime(2020, 1, 1, tzinfo=UTC)
    taken = await asyncio.gather(
        *(
            submissions.take(
                HandedIn(artist="A", title=f"T{n}", content=f"{LYRICS}\nline {n}", source="modal"),
                Submitter(user_id=n, guild_id=1, has_account_since=old),
            )
            for n in range(1, 4)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in taken) == [
        "Lyrics",
        "NearDuplicate",
        "NearDuplicate",
    ]


async def test_an_account_that_is_too_young_is_told_when_to_come_back(stage: Stage) -> None:
    submitter = Submitter(
        user_id=1, guild_id=1, has_account_since=datetime.now(UTC) - timedelta(days=4.2)
    )
    with pytest.raises(AccountTooYoung, match=r"7 days old. Yours will be in about 3 days"):
        await stage.app.services.submissions.admit(submitter)


async def test_a_quota_is_told_before_anybody_types(config: Config) -> None:
    few = config.submissions.model_copy(update={"max_per_user_and_day": 1})
    async with on_stage(config.model_copy(update={"submissions": few})) as stage:
        await submit(stage)
        shown = await stage.ben.slash(stage.channel, "submit", artist="Nova Brine")
        assert shown.modal is None
        assert "1 pieces within 24 h, which is the most. Go on in about 24 h" in only_text(shown)


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
