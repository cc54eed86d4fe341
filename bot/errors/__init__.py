"""The errors of the bot: what a member may read, and what only the operator sees.

CypherError
├── UserError             sentence: what a member may read, in their language; str(error) is English
│   ├── UnknownArtist     name, nearest: nobody has taught the bot this artist
│   ├── ForgottenArtist   a button offers an artist whom the live checkpoint does not know
│   ├── RemovedArtist     name: nobody may ask for this artist here
│   ├── BadSeed           the seed cannot open a verse
│   ├── NoBeats           there is no checkpoint of beats
│   ├── UnknownStyle      name, styles: nobody has taught the bot this style of beats
│   ├── BadPrime          a MIDI file or chords that a beat cannot go on from
│   ├── PrimeAndChord     both were given, and a beat goes on from one
│   ├── ArtistOfBeats     beats of an artist were looked for
│   ├── NotSayable        whatever was written breaks the rules of the channel
│   ├── MoodAndTemperature both were given, and they set the same
│   ├── ShareWithoutMix   a share of a second artist who was not named
│   ├── QueueFull         retry_after_s: too many verses and beats are waiting
│   ├── TooManyWaiting    limit: this member has too many of them waiting
│   ├── DeadlineExceeded  deadline_s: it waited too long
│   ├── Restarting        the bot is closing, and begins nothing new
│   ├── EngineStopped     the generator is down or closing
│   ├── WrongChannel      channels: the server wants the bot in others
│   ├── TooSoon           retry_after_s: the server's pause between two verses of a member
│   ├── NotAllowed        action: the member lacks the permission
│   ├── BadLyrics         submitted lyrics that cannot be taken
│   ├── DuplicateLyrics   artist, title, state: the same words are already there
│   ├── DuplicateBeat     artist, title, state: the same notes are already there
│   ├── BadMusic          a submitted MIDI file, or its style, that cannot be taken
│   ├── TooManyPending    limit: this member has too many submissions in review
│   ├── SubmissionsClosed submissions are turned off here
│   ├── AccountTooYoung   min_days: the member's account is younger
│   ├── TooManySubmissions limit, days: this member handed in so many within as many days
│   ├── ReviewQueueFull   limit: so many submissions wait on this server
│   ├── ServerQuotaReached limit, days: this server handed in so many within as many days
│   ├── NearDuplicate     artist, title, share, is_own: nearly the same words are there
│   ├── NearDuplicateBeat artist, title, share, is_own: nearly the same music is there
│   ├── OwnSubmission     a reviewer's own lyrics, on which another must decide
│   ├── ReviewQueueChanged expected, found: a decision on many no longer fits the queue
│   ├── CannotTakeBack    a decision that stands
│   ├── AlreadyReviewed   lyrics_id, state: somebody decided on these lyrics before
│   ├── NoSuchLyrics      lyrics_id
│   ├── NoSuchVerse       verse_id: unknown, or deleted
│   ├── BeatTooLong       seconds, limit: it cannot be made into sound
│   ├── SameArtist        name: a battle of somebody with themself
│   ├── NoSuchBattle      battle_id: unknown, or not one that can be voted on
│   ├── BattleOver        battle_id: the vote on it has ended
│   ├── NoSuchBeat        beat_id: unknown, or deleted
│   ├── NotThisServer     other servers look after the model
│   ├── NoSuchCheckpoint  version: unknown, or not one that can go live
│   ├── AlreadyLive       version: a way back that leads nowhere
│   ├── TrialUnderWay     version: no run while one is tried out
│   ├── WentBack          version: from before the withdrawn lyrics; nothing is left to train
│   ├── SameVersion       version: a comparison with itself
│   ├── NothingBefore     the live version has none before it
│   ├── NoSuchRun         run_id: unknown, or no longer running
│   ├── Banned            a moderator has told the bot not to serve this member here
│   ├── HiddenVerse       a moderator has hidden it
│   ├── HiddenBattle      a moderator has hidden it
│   ├── HiddenBeat        a moderator has hidden it
│   ├── AlreadyReported   one report of a member on a verse, battle or beat
│   ├── TooManyReports    limit: this member has reported as often as one may in a day
│   ├── BadWord           no word that can be blocked
│   ├── TooManyWords      limit: this server blocks as many words as it may
│   ├── TrainingBusy      run_id: one run at a time
│   ├── TrainingElsewhere holder, until: another process trains
│   ├── OutdatedProcess   version: another process has made it live
│   ├── TrainingDisabled  retraining is turned off in the configuration
│   ├── NotComparable     a version of beats beside another
│   ├── NoBeatsToLearn    the same as the next, of beats
│   └── NothingToTrain    num_lyrics, min_lyrics: not enough approved lyrics
└── OperatorError         message, remedy: for start-up and the log
    ├── ConfigError       problems: every fault of the configuration at once
    ├── DatabaseError     the database cannot be opened or used
    ├── CheckpointError   no checkpoint can be loaded
    ├── TrainingError     the training process could not be started or died
    ├── DataFolderError   somebody else has the data folder, or it is not whole
    ├── BackupError       a backup cannot be written, read or put back
    └── DiscordError      the connection to Discord cannot be made
"""

from bot.errors.admin import (
    AlreadyLive,
    NoBeatsToLearn,
    NoSuchCheckpoint,
    NoSuchRun,
    NotAllowed,
    NotComparable,
    NothingBefore,
    NothingToTrain,
    NotThisServer,
    OutdatedProcess,
    SameVersion,
    TooManyWords,
    TrainingBusy,
    TrainingDisabled,
    TrainingElsewhere,
    TrialUnderWay,
    WentBack,
)
from bot.errors.base import (
    CypherError,
    UserError,
)
from bot.errors.beats import (
    ArtistOfBeats,
    BadPrime,
    BeatTooLong,
    NoBeats,
    NoSuchBeat,
    PrimeAndChord,
    UnknownStyle,
)
from bot.errors.lyrics import (
    AlreadyReviewed,
    BadLyrics,
    BadMusic,
    DuplicateBeat,
    DuplicateLyrics,
    NoSuchLyrics,
    SubmissionsClosed,
    TooManyPending,
)
from bot.errors.moderation import (
    AlreadyReported,
    BadWord,
    Banned,
    HiddenBattle,
    HiddenBeat,
    HiddenVerse,
    TooManyReports,
)
from bot.errors.operator import (
    BackupError,
    CheckpointError,
    ConfigError,
    DatabaseError,
    DataFolderError,
    DiscordError,
    OperatorError,
    TrainingError,
)
from bot.errors.servers import TooSoon, WrongChannel
from bot.errors.submissions import (
    AccountTooYoung,
    CannotTakeBack,
    NearDuplicate,
    NearDuplicateBeat,
    OwnSubmission,
    ReviewQueueChanged,
    ReviewQueueFull,
    ServerQuotaReached,
    TooManySubmissions,
)
from bot.errors.verses import (
    BadSeed,
    BattleOver,
    DeadlineExceeded,
    EngineStopped,
    ForgottenArtist,
    MoodAndTemperature,
    NoSuchBattle,
    NoSuchVerse,
    NotSayable,
    QueueFull,
    RemovedArtist,
    Restarting,
    SameArtist,
    ShareWithoutMix,
    TooManyWaiting,
    UnknownArtist,
)

__all__ = [
    "AccountTooYoung",
    "AlreadyLive",
    "AlreadyReported",
    "AlreadyReviewed",
    "ArtistOfBeats",
    "BackupError",
    "BadLyrics",
    "BadMusic",
    "BadPrime",
    "BadSeed",
    "BadWord",
    "Banned",
    "BattleOver",
    "BeatTooLong",
    "CannotTakeBack",
    "CheckpointError",
    "ConfigError",
    "CypherError",
    "DataFolderError",
    "DatabaseError",
    "DeadlineExceeded",
    "DiscordError",
    "DuplicateBeat",
    "DuplicateLyrics",
    "EngineStopped",
    "ForgottenArtist",
    "HiddenBattle",
    "HiddenBeat",
    "HiddenVerse",
    "MoodAndTemperature",
    "NearDuplicate",
    "NearDuplicateBeat",
    "NoBeats",
    "NoBeatsToLearn",
    "NoSuchBattle",
    "NoSuchBeat",
    "NoSuchCheckpoint",
    "NoSuchLyrics",
    "NoSuchRun",
    "NoSuchVerse",
    "NotAllowed",
    "NotComparable",
    "NotSayable",
    "NotThisServer",
    "NothingBefore",
    "NothingToTrain",
    "OperatorError",
    "OutdatedProcess",
    "OwnSubmission",
    "PrimeAndChord",
    "QueueFull",
    "RemovedArtist",
    "Restarting",
    "ReviewQueueChanged",
    "ReviewQueueFull",
    "SameArtist",
    "SameVersion",
    "ServerQuotaReached",
    "ShareWithoutMix",
    "SubmissionsClosed",
    "TooManyPending",
    "TooManyReports",
    "TooManySubmissions",
    "TooManyWaiting",
    "TooManyWords",
    "TooSoon",
    "TrainingBusy",
    "TrainingDisabled",
    "TrainingElsewhere",
    "TrainingError",
    "TrialUnderWay",
    "UnknownArtist",
    "UnknownStyle",
    "UserError",
    "WentBack",
    "WrongChannel",
]
