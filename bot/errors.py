"""The errors of the bot: what a member may read, and what only the operator sees.

CypherError
├── UserError             str(error) is one sentence that a member may read
│   ├── UnknownArtist     name, nearest: nobody has taught the bot this artist
│   ├── BadSeed           reason: the seed cannot open a verse
│   ├── MoodAndTemperature both were given, and they set the same
│   ├── ShareWithoutMix   a share of a second artist who was not named
│   ├── QueueFull         retry_after_s: too many verses are waiting
│   ├── TooManyWaiting    limit: this member has too many verses waiting
│   ├── DeadlineExceeded  deadline_s: the verse waited too long
│   ├── EngineStopped     the generator is down or closing
│   ├── NotAllowed        action: the member lacks the permission
│   ├── BadLyrics         reason: submitted lyrics that cannot be taken
│   ├── DuplicateLyrics   artist, title, state: the same words are already there
│   ├── TooManyPending    limit: this member has too many submissions in review
│   ├── SubmissionsClosed submissions are turned off here
│   ├── AlreadyReviewed   lyrics_id, state: somebody decided on these lyrics before
│   ├── NoSuchLyrics      lyrics_id
│   ├── NoSuchVerse       verse_id: unknown, or deleted
│   ├── SameArtist        name: a battle of somebody with themself
│   ├── NoSuchBattle      battle_id: unknown, or not one that can be voted on
│   ├── BattleOver        battle_id: the vote on it has ended
│   ├── NoSuchCheckpoint  version: unknown, or not one that can go live
│   ├── NoSuchRun         run_id: unknown, or no longer running
│   ├── TrainingBusy      run_id: one run at a time
│   ├── TrainingDisabled  retraining is turned off in the configuration
│   └── NothingToTrain    num_lyrics, min_lyrics: not enough approved lyrics
└── OperatorError         message, remedy: for start-up and the log
    ├── ConfigError       problems: every fault of the configuration at once
    ├── DatabaseError     the database cannot be opened or used
    ├── CheckpointError   no checkpoint can be loaded
    ├── TrainingError     the training process could not be started or died
    └── DiscordError      the connection to Discord cannot be made
"""


class CypherError(Exception):
    """Anything this bot raises on purpose."""


class UserError(CypherError):
    """A member's mistake or bad luck. Its text is safe to show: one sentence that says what to do.

    Where data came from a member (a name, a title), neutralise the text before it is displayed.
    """


class UnknownArtist(UserError):
    def __init__(self, name: str, nearest: tuple[str, ...] = ()) -> None:
        hint = f" Did you mean {', '.join(nearest)}?" if nearest else ""
        super().__init__(
            f"I have not learned {name} yet.{hint} Teach me with /submit, or see /artists."
        )
        self.name = name
        self.nearest = nearest


class BadSeed(UserError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MoodAndTemperature(UserError):
    def __init__(self) -> None:
        super().__init__("A mood is a temperature by name. Give me mood or temperature, not both.")


class ShareWithoutMix(UserError):
    def __init__(self) -> None:
        super().__init__("share is how much of a second artist there is. Name one with mix.")


class QueueFull(UserError):
    def __init__(self, retry_after_s: float) -> None:
        seconds = max(1, round(retry_after_s))
        super().__init__(f"Too many verses are waiting. Try again in about {seconds} s.")
        self.retry_after_s = retry_after_s


class TooManyWaiting(UserError):
    def __init__(self, limit: int) -> None:
        verses = "verse" if limit == 1 else "verses"
        super().__init__(
            f"You already have {limit} {verses} waiting. Ask again when one of them is done."
        )
        self.limit = limit


class DeadlineExceeded(UserError):
    def __init__(self, deadline_s: float) -> None:
        super().__init__(
            f"Your verse waited longer than {deadline_s:g} s, so I gave it up. Try again shortly."
        )
        self.deadline_s = deadline_s


class EngineStopped(UserError):
    def __init__(self) -> None:
        super().__init__("I cannot write verses right now. Try again in a minute.")


class NotAllowed(UserError):
    def __init__(self, action: str = "do that") -> None:
        super().__init__(f"Only admins of this server may {action}. Ask one of them.")
        self.action = action


class BadLyrics(UserError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DuplicateLyrics(UserError):
    """`state` is that of the lyrics already there: 'pending', 'approved' or 'refused'."""

    def __init__(self, artist: str, title: str, state: str) -> None:
        where = {
            "pending": "are already waiting for review",
            "approved": "are already in my songbook",
            "refused": "were refused by a reviewer before",
        }.get(state, "are already known to me")
        super().__init__(
            f"The words of “{title}” by {artist} {where}. Submit a different song instead."
        )
        self.artist = artist
        self.title = title
        self.state = state


class TooManyPending(UserError):
    def __init__(self, limit: int) -> None:
        super().__init__(
            f"You already have {limit} submissions waiting for review."
            " Submit again when some of them are decided."
        )
        self.limit = limit


class SubmissionsClosed(UserError):
    def __init__(self) -> None:
        super().__init__("Submissions are turned off here. An admin can turn them on again.")


class AlreadyReviewed(UserError):
    def __init__(self, lyrics_id: int, state: str) -> None:
        super().__init__(
            f"Submission {lyrics_id} is {state} already. See /submissions for what is left."
        )
        self.lyrics_id = lyrics_id
        self.state = state


class NoSuchLyrics(UserError):
    def __init__(self, lyrics_id: int) -> None:
        super().__init__(
            f"There is no submission {lyrics_id} (any more). See /submissions for what is waiting."
        )
        self.lyrics_id = lyrics_id


class NoSuchVerse(UserError):
    def __init__(self, verse_id: int) -> None:
        super().__init__("That verse is gone. Make a new one with /rap.")
        self.verse_id = verse_id


class SameArtist(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"A battle takes two, and {name} against {name} is only one. Name another opponent."
        )
        self.name = name


class NoSuchBattle(UserError):
    def __init__(self, battle_id: int) -> None:
        super().__init__("There is no such battle to vote on. Start one with /battle.")
        self.battle_id = battle_id


class BattleOver(UserError):
    def __init__(self, battle_id: int) -> None:
        super().__init__("The vote on this battle is over. Start another with /battle.")
        self.battle_id = battle_id


class NoSuchCheckpoint(UserError):
    def __init__(self, version: str) -> None:
        super().__init__(f"There is no checkpoint {version} that can go live. See /training.")
        self.version = version


class NoSuchRun(UserError):
    def __init__(self, run_id: int) -> None:
        super().__init__(f"Training run {run_id} is not running. See /training for the last one.")
        self.run_id = run_id


class TrainingBusy(UserError):
    def __init__(self, run_id: int | None = None) -> None:
        super().__init__("A training run is under way. See /training, and wait for its end.")
        self.run_id = run_id


class TrainingDisabled(UserError):
    def __init__(self) -> None:
        super().__init__("Training is turned off here. The operator can turn it on in config.toml.")


class NothingToTrain(UserError):
    def __init__(self, num_lyrics: int, min_lyrics: int) -> None:
        super().__init__(
            f"There are {num_lyrics} newly approved lyrics and a run needs {min_lyrics}."
            " Add some with /submit, and approve them with /submissions."
        )
        self.num_lyrics = num_lyrics
        self.min_lyrics = min_lyrics


class OperatorError(CypherError):
    """Something only the operator can mend: `message` says what is wrong, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".rstrip())
        self.message = message
        self.remedy = remedy


class ConfigError(OperatorError):
    """Each problem is one line: where it is, what is wrong with it and what would be right."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(
            "The configuration has problems:\n" + "\n".join(f"- {each}" for each in problems),
            "\nCorrect them in config.toml or the environment, and start again.",
        )
        self.problems = problems


class DatabaseError(OperatorError):
    pass


class CheckpointError(OperatorError):
    pass


class TrainingError(OperatorError):
    pass


class DiscordError(OperatorError):
    pass
