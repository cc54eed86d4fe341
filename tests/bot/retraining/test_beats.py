"""Runs on beats: the same job, child, gate, promotion and way back as for lyrics."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.errors import NoBeats, NothingToTrain, UnknownStyle
from bot.generation import BeatRequest
from bot.locale import translator
from bot.retraining import ModelVersions, Trial, beat_measuring
from bot.retraining.beat_canaries import longest_still, play
from bot.retraining.beat_measuring import measure_beats
from bot.retraining.fair_share import Caps
from bot.retraining.gate import judge
from bot.retraining.ground import Ground
from bot.retraining.job import BeatToLearn, Lyrics, read_job, write_job
from bot.retraining.lessons import gather_beats
from bot.store import NewCheckpoint, NewLyrics, Store, voice_of
from model.beats.checkpoint import save_beat_checkpoint
from model.beats.piece import Piece
from model.midi import PianoRoll, write_midi
from model.training.finetune_beats import grow_styles
from tests.bot.retraining.conftest import Life, living
from tests.bot.retraining.test_job import JOB
from tests.bot.submissions.pieces import midi
from tests.factories import march, tiny_beat_checkpoint

PIECES = [Piece("polka", f"polka {number}", march(number)) for number in range(5)]


def said(figures: dict[str, Any]) -> tuple[bool, str]:
    decision = judge(figures, 0.01)
    return decision.is_promoted, translator("en").say(decision.reason)


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """Of a candidate that has learned nothing yet."""
    live = tiny_beat_checkpoint()
    grown = grow_styles(live, PIECES, "polka-1")
    measured = measure_beats(live, grown, PIECES, seed=1)
    return {
        "new_songs": {"live": 6.0, "candidate": 5.0},
        "others": {"live": 5.0, "candidate": 5.02},
        "num_songs": 5,
        **measured,
    }


def better(figures: dict[str, Any], **changes: Any) -> dict[str, Any]:
    touched = {"polka": {**figures["touched"]["polka"], "live": 6.0, "candidate": 5.0}}
    return {**figures, "touched": touched, **changes}


def test_a_candidate_that_reads_its_style_better_and_plays_as_well_is_promoted(
    figures: dict[str, Any],
) -> None:
    is_promoted, reason = said(better(figures))
    assert is_promoted
    assert reason.startswith("The new beats read better (6.00 → 5.00 bits per frame)")


def test_what_gains_nothing_is_rejected(figures: dict[str, Any]) -> None:
    is_promoted, reason = said(figures | {"new_songs": {"live": 5.0, "candidate": 5.1}})
    assert not is_promoted
    assert "do not read better" in reason


def test_what_costs_another_style_more_than_it_may_is_rejected(figures: dict[str, Any]) -> None:
    lost = {"live": 5.0, "candidate": 5.4, "num_characters": 999, "standard_error": 0.01}
    is_promoted, reason = said(better(figures, untouched={"waltz": lost}))
    assert not is_promoted
    assert "waltz lost too much" in reason


@pytest.mark.parametrize("fault", ["silent", "stuck", "copy", "unwritten"])
def test_a_new_fault_of_the_canaries_rejects(figures: dict[str, Any], fault: str) -> None:
    canaries = [dict(each) for each in figures["canaries"]]
    canaries[0]["candidate"] = [fault]
    canaries[0]["live"] = []
    is_promoted, reason = said(better(figures, canaries=canaries))
    assert not is_promoted
    assert "canaries have" in reason
    assert said(better(figures, canaries=[]))[0] is False
    assert said(better(figures, canaries=[{"style": "x"}]))[0] is False


def test_measuring_steps_aside_from_its_first_step_to_its_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asides: list[str] = []
    stage = "reading"

    def play_after(*arguments: Any) -> list[dict[str, Any]]:
        nonlocal stage
        stage = "playing"
        return play(*arguments)

    monkeypatch.setattr(beat_measuring, "play", play_after)
    live = tiny_beat_checkpoint()
    twin = grow_styles(live, PIECES, "twin")
    measure_beats(live, twin, PIECES, 1, lambda: asides.append(stage))
    assert asides.count("reading") >= 4  # sampling, and each model at its own and others' beats
    assert asides.count("playing") >= 2 * 8 * 12  # each model writes eight bars


def test_the_longest_chord_is_told_and_silence_is_none() -> None:
    roll = PianoRoll.of_chords([0] * 9 + [5] * 7 + [9, 5, 5])
    assert longest_still(roll) == 7


def test_a_job_of_beats_comes_back_as_it_was(tmp_path: Path) -> None:
    beats = [BeatToLearn("polka", "a", base64.b64encode(write_midi(march(1))).decode())]
    write_job(tmp_path, JOB, Lyrics([], [], beats=beats))
    assert read_job(tmp_path)[1].beats == beats


@pytest.fixture
def beating(config: Config, tmp_path: Path) -> Config:
    """With a starter of beats, and a run that is quick."""
    folder = tmp_path / "starter" / "beats"
    save_beat_checkpoint(tiny_beat_checkpoint("beats-1"), folder)
    beats = config.beats.model_copy(update={"enabled": True, "checkpoint": str(folder)})
    eager = {"learning_rate": 0.01, "epochs": 1, "max_loss_on_others": 1.0}
    retraining = config.retraining.model_copy(update=eager)
    return config.model_copy(update={"beats": beats, "retraining": retraining})


async def teach(store: Store, number: int, guild_id: int = 7) -> None:
    beat = await store.lyrics.submit(
        NewLyrics(
            kind="beats",
            artist="Polka",
            title=f"Polka {number}",
            text="",
            midi=write_midi(march(number)),
            fingerprint=str(number),
            language="zxx",
            submitter_id=5,
            guild_id=guild_id,
            consent_at=datetime.now(UTC),
        )
    )
    await store.lyrics.review(beat.id, True, 9)


@pytest.mark.timeout(300)
async def test_a_new_style_is_learned_measured_live_in_its_server_and_undone(
    beating: Config,
) -> None:
    async with living(beating, is_real=True) as life:
        store, generation = life.store, life.generation
        starter = NewCheckpoint(kind="beats", version="beats-1", folder=beating.beats.checkpoint)
        await store.checkpoints.record(starter)
        await store.checkpoints.promote("beats-1")
        for number in range(4):
            await teach(store, number)
        run = await life.retraining.start(trigger="command", requested_by=9, kind="beats")
        await life.follow(run)
        ended = await life.stored(run)
        log = (life.folder(run) / "child.log").read_text()
        assert ended.state == "promoted", (ended.reason, log)
        assert (ended.kind, ended.parent_checkpoint) == ("beats", "beats-1")
        assert generation.beats.version == ended.candidate
        assert generation.live_version == "starter-1"
        assert generation.beats.styles_in(7) == ("Polka", "march", "waltz")
        assert "Polka" not in (*generation.beats.styles, *generation.beats.styles_in(8))
        voice = generation.beats.resolve_style("polka", 7)
        assert voice == voice_of("Polka", 7)
        with pytest.raises(UnknownStyle):
            generation.beats.resolve_style(voice, 8)
        beat = await generation.compose(BeatRequest(user_id=1, style=voice, bars=1, rng_seed=3))
        assert beat.checkpoint == ended.candidate
        with pytest.raises(NothingToTrain):
            await life.retraining.start(trigger="command", requested_by=9, kind="beats")
        trial = Trial(beating, store, generation)
        versions = ModelVersions(beating, store, generation, life.retraining.cancel, trial)
        kinds = {each.name: each.kind for each in await versions.all()}
        assert kinds == {ended.candidate: "beats", "beats-1": "beats", "starter-1": "lyrics"}
        back = await versions.roll_back("beats-1", 9)
        assert (back.is_live, generation.beats.version) == (True, "beats-1")
        assert generation.live_version == "starter-1"
        live = await store.checkpoints.live()
        assert live is not None
        assert live.version == "starter-1"


async def test_without_a_checkpoint_of_beats_nothing_can_be_learned(config: Config) -> None:
    async with living(config) as life:
        with pytest.raises(NoBeats):
            await life.retraining.start(trigger="command", requested_by=9, kind="beats")


async def test_lessons_are_what_was_approved_by_voice_and_no_lyrics(life: Life) -> None:
    store = life.store
    for number, kind in enumerate(("beats", "beats", "lyrics"), 1):
        await store.lyrics.submit(
            NewLyrics(
                kind=kind,  # type: ignore[arg-type]
                artist="Polka",
                title=f"t{number}",
                text="la" if kind == "lyrics" else "",
                midi=midi(number) if kind == "beats" else None,
                fingerprint=str(number),
                language="zxx",
                submitter_id=5,
                guild_id=7,
                consent_at=datetime.now(UTC),
            )
        )
    await store.lyrics.review(1, True, 9)
    await store.lyrics.review(3, True, 9)
    caps, ground = Caps(0.25, 40), Ground("beats-1", ("beats-1",))
    lessons = await gather_beats(store, ["march"], caps, ground)
    assert lessons.lyrics_ids == [1]
    (beat,) = lessons.lyrics.beats
    assert beat.style == voice_of("Polka", 7)
    assert base64.b64decode(beat.midi) == midi(1)
    assert lessons.only_of([]).is_empty
