"""/beat: the card with picture, player and file; what it goes on from; what is refused."""

from typing import Any

import discord
import numpy as np
import pytest
import symusic

from bot.generation import BeatRequest, GenerationService, Waiting
from bot.store import Beat
from model.midi import NUM_KEYS, PianoRoll, read_midi, write_midi
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import MP3, PNG, Stage


async def beat(stage: Stage, **options: Any) -> Any:
    """As Ben, /beat in marches."""
    return await stage.ben.slash(stage.channel, "beat", **{"style": "march", "bars": 2} | options)


async def stored(stage: Stage, number: int = 1) -> Beat:
    found = await stage.store.beats.get(number)
    assert found is not None
    return found


def piece(num_bars: int = 2, **more: Any) -> bytes:
    """A MIDI file of one note in each bar."""
    frames = np.zeros((16 * num_bars, NUM_KEYS), np.bool_)
    for bar in range(num_bars):
        frames[bar * 16 : bar * 16 + 8, 40 + bar] = True
    frames[-1, 60] = True
    return write_midi(PianoRoll(frames, **more))


async def test_a_beat_is_seen_heard_and_kept(stage: Stage) -> None:
    card = (await beat(stage, tempo=96)).response
    (embed,) = card.embeds
    assert embed.title == "🎹 march"
    assert embed.description == "2 bars · 96 beats per minute"
    assert embed.footer.text == "machine-made in the style of march · asked by Ben · beats-1"
    picture, audio, midi = card.attachments
    assert [each.filename for each in card.attachments] == [
        "beat-1.png",
        "beat-1.mp3",
        "beat-1.mid",
    ]
    assert picture.description.startswith("Piano roll. Bars: 2")
    assert embed.image.url in ("attachment://beat-1.png", picture.url)
    assert embed.to_dict()["image"]["description"] == picture.description
    assert (await picture.read(), await audio.read()) == (PNG, MP3)
    music: Any = symusic.Score.from_midi(await midi.read())  # another library than wrote it
    assert music.note_num() > 0
    assert [round(each.qpm) for each in music.tempos] == [96]


async def test_a_beat_is_kept_with_all_that_makes_it_again(stage: Stage) -> None:
    card = (await beat(stage, tempo=96)).response
    kept = await stored(stage)
    assert (kept.style, kept.bars, kept.tempo, kept.checkpoint) == ("march", 2, 96, "beats-1")
    assert (kept.user_id, kept.message_id) == (stage.ben.id, card.id)
    assert len(read_midi(kept.result, steps_per_beat=kept.steps_per_beat)) == 32
    again = await stage.app.services.generation.compose(
        BeatRequest(user_id=1, style="march", bars=2, tempo=96, rng_seed=kept.rng_seed)
    )
    assert write_midi(again.roll) == kept.result


async def test_without_a_word_it_is_the_usual_style_and_length(stage: Stage) -> None:
    await stage.ben.slash(stage.channel, "beat")
    kept = await stored(stage)
    assert (kept.style, kept.bars, kept.tempo) == ("march", 8, 100)


async def test_a_beat_goes_on_from_a_file(stage: Stage) -> None:
    result = await beat(stage, prime=("mine.mid", piece(tempo=120.0)))
    kept = await stored(stage)
    assert kept.num_prime_steps == 32
    assert kept.tempo == 120
    assert kept.prime is not None
    given = read_midi(kept.prime, steps_per_beat=4)
    whole = read_midi(kept.result, steps_per_beat=4)
    assert (whole.frames[:32] == given.frames).all()
    assert len(whole) == 64
    assert "goes on from what is pale" in result.response.embeds[0].description


async def test_a_beat_goes_on_from_chords(stage: Stage) -> None:
    await beat(stage, chord="Am F")
    kept = await stored(stage)
    assert kept.num_prime_steps == 32
    assert kept.prime is not None
    first = read_midi(kept.prime, steps_per_beat=4).frames[0]
    assert {(key + 21) % 12 for key in np.flatnonzero(first)} == {9, 0, 4}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"style": "polka"}, "I write no beats in the style polka. Choose among march"),
        ({"chord": "H"}, "I cannot read H as chords"),
        ({"prime": ("a.mid", b"MThd nonsense")}, "cut off before its end"),
        ({"prime": ("a.mid", b"la la la")}, "That is not a MIDI file"),
        ({"prime": ("a.mid", b"MThd" + b"x" * 300_000)}, "larger than 256 KB"),
        ({"prime": ("a.mid", piece()), "chord": "Am"}, "Give me prime or chord, not both"),
    ],
)
async def test_what_cannot_be_is_told_to_the_member_alone(
    stage: Stage, options: Any, told: str
) -> None:
    result = await beat(stage, **options)
    assert told in only_text(result)
    assert await stage.store.beats.get(1) is None


async def test_without_a_model_of_beats_it_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.app.services.generation.beats._succession, "live", None)
    assert "I have not learned to write beats" in only_text(await beat(stage))
    assert "not learned" in only_text(await stage.ben.slash(stage.channel, "beat"))
    assert await stage.ben.autocomplete(stage.channel, "beat", "style", "") == []


async def test_without_sound_or_picture_the_card_says_so(stage: Stage) -> None:
    stage.renderer.made = {"picture": None, "audio": None}
    card = (await beat(stage)).response
    assert [each.filename for each in card.attachments] == ["beat-1.mid"]
    said = card.embeds[0].description
    assert "I could not draw it this time." in said
    assert "🔇 I could not make sound of it this time; the MIDI file has the music." in said


async def test_what_is_too_long_to_hear_is_said_on_the_card(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.midi.instruments.LONGEST_S", 1.0)
    said = (await beat(stage)).response.embeds[0].description
    assert "🔇 This beat plays for 5 seconds; at most 1 can be made into sound." in said


async def test_styles_are_suggested_as_they_are_typed(stage: Stage) -> None:
    offered = await stage.ben.autocomplete(stage.channel, "beat", "style", "WAL")
    assert [each["name"] for each in offered] == ["waltz"]
    offered = await stage.ben.autocomplete(stage.channel, "beat", "style", "")
    assert [each["name"] for each in offered] == ["march", "waltz"]


async def test_who_waits_reads_where_they_stand_and_what_is_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose = GenerationService.compose

    async def slowly(self: GenerationService, request: Any, on_wait: Any = None) -> Any:
        await on_wait(Waiting(position=2, estimate_s=7))
        await on_wait(Waiting(position=0, estimate_s=3))
        return await compose(self, request, on_wait)

    monkeypatch.setattr(GenerationService, "compose", slowly)
    await beat(stage)
    bodies: list[Any] = [each.json for each in stage.world.env.http_requests if each.json]
    notes = [each["content"] for each in bodies if isinstance(each, dict) and each.get("content")]
    assert notes == [
        "🎧 You are number 2 in the queue: about 7 s.",
        "🎹 Your beat is being written: about 3 s.",
        "🎨 Your beat is written. I draw it, and play it …",
    ]


async def test_a_server_keeps_beats_to_its_channels_and_its_pace(stage: Stage) -> None:
    guild = stage.channel.guild
    await stage.store.guilds.set(guild.id, cooldown_s=60)
    assert (await beat(stage)).response.embeds
    assert "You can ask again in 60 s" in only_text(await beat(stage))
    other = guild.create_text_channel("elsewhere")
    await stage.store.guilds.set(guild.id, cooldown_s=0, channel_ids=[other.id])
    assert "elsewhere" in only_text(await beat(stage))


async def test_lin_reads_chinese(stage: Stage) -> None:
    card = (await stage.lin.slash(stage.channel, "beat", style="waltz", bars=2)).response
    assert card.embeds[0].description == "2 小节 · 每分钟 140 拍"
    command: Any = stage.app.bot and stage.app.bot.tree.get_command("beat")
    assert isinstance(command, discord.app_commands.Command)
