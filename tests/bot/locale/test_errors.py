"""A member's mistake is told in their language, with everything that the English sentence says."""

import re
from datetime import UTC, datetime

import pytest

from bot import errors
from bot.errors import UserError
from bot.locale import translator

SAMPLES: list[UserError] = [
    errors.WrongChannel(("#cypher", "#bars")),
    errors.TooSoon(45.0),
    errors.TooSoon(600.0),
    errors.UnknownArtist("Eminem", ("Edward Lear",)),
    errors.UnknownArtist("Eminem"),
    errors.BadSeed("I do not say that here. Try a seed with other words."),
    errors.BadLyrics(
        "These lyrics have more than {limit:,} characters. Send one song at a time.", limit=20000
    ),
    errors.NoBeats(),
    errors.PrimeAndChord(),
    errors.ArtistOfBeats(),
    errors.UnknownStyle("polka", ("chorale", "fiddle tune")),
    errors.BadPrime("That MIDI file is larger than {limit} KB. Send a shorter piece.", limit=256),
    errors.ForgottenArtist(),
    errors.NotSayable(),
    errors.RemovedArtist("Edward Lear"),
    errors.TooManyWords(200),
    errors.Banned(),
    errors.HiddenBattle(),
    errors.HiddenBeat(),
    errors.HiddenVerse(),
    errors.AlreadyReported(),
    errors.TooManyReports(10),
    errors.BadWord(
        "A blocked word has {least} to {most} letters or digits. Type it without signs.",
        least=2,
        most=40,
    ),
    errors.MoodAndTemperature(),
    errors.ShareWithoutMix(),
    errors.QueueFull(7.0),
    errors.TooManyWaiting(3),
    errors.DeadlineExceeded(60.0),
    errors.Restarting(),
    errors.EngineStopped(),
    errors.NotAllowed("review submissions"),
    errors.NotComparable(),
    errors.NoBeatsToLearn(0, 1),
    *(errors.DuplicateLyrics("A", "B", state) for state in ("pending", "approved", "refused", "")),
    *(errors.DuplicateBeat("A", "B", state) for state in ("pending", "approved", "refused", "")),
    errors.BadMusic(
        "This piece has {count} bars, and I take up to {limit}. Send a part of it.",
        count=300,
        limit=256,
    ),
    errors.TooManyPending(2),
    errors.SubmissionsClosed(),
    errors.AccountTooYoung(7, 90_000.0),
    errors.TooManySubmissions(20, 1, 5000.0),
    errors.ReviewQueueFull(500),
    errors.ServerQuotaReached(1000, 7, 400_000.0),
    errors.NearDuplicate("A", "B", 0.82, is_own=True),
    errors.NearDuplicate("A", "B", 0.82, is_own=False),
    errors.NearDuplicateBeat("A", "B", 0.82, is_own=True),
    errors.NearDuplicateBeat("A", "B", 0.82, is_own=False),
    errors.OwnSubmission(),
    errors.ReviewQueueChanged(8, 7),
    errors.CannotTakeBack(),
    errors.AlreadyReviewed(1, "approved"),
    errors.NoSuchLyrics(1),
    errors.NoSuchVerse(1),
    errors.SameArtist("Edward Lear"),
    errors.NoSuchBattle(1),
    errors.NoSuchBeat(1),
    errors.BattleOver(1),
    errors.BeatTooLong(321, 240),
    errors.NotThisServer(),
    errors.NoSuchCheckpoint("v7"),
    errors.AlreadyLive("v7"),
    errors.SameVersion("v7"),
    errors.TrialUnderWay("v7"),
    errors.WentBack("v7"),
    errors.NothingBefore(),
    errors.NoSuchRun(3),
    errors.TrainingBusy(),
    errors.TrainingElsewhere("process 7", datetime(2026, 5, 1, 12, 30, tzinfo=UTC)),
    errors.TrainingElsewhere("process 7", None),
    errors.OutdatedProcess("2026-05-01-2"),
    errors.TrainingDisabled(),
    errors.NothingToTrain(1, 5),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_a_mistake_is_told_in_the_members_language(error: UserError) -> None:
    assert translator("en-GB").say(error.sentence) == str(error)
    told = translator("zh-CN").say(error.sentence)
    assert re.search("[\u4e00-\u9fff]", told)
    for word in re.findall(r"Eminem|Edward Lear|/\w+|\d+(?:,\d+)*", str(error)):
        assert word in told


def test_every_kind_of_mistake_has_a_sample() -> None:
    kinds = {getattr(errors, name) for name in errors.__all__} - {UserError}
    wanted = {kind for kind in kinds if issubclass(kind, UserError)}
    assert wanted - {type(each) for each in SAMPLES} == set()
