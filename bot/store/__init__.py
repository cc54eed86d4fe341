"""What Cypher remembers: one class over the database for each aggregate, bundled in `Store`.

Each method is one transaction and gives frozen records; sessions and rows stay in here.
"""

from bot.store import operation_tables  # noqa: F401 - so that migrations know of them
from bot.store.artists import ArtistSummary
from bot.store.bans import Ban
from bot.store.battle_tables import Side
from bot.store.battles import Battle, BattleCount, BattlePart, NewBattle
from bot.store.beats import Beat, NewBeat, RankedBeat
from bot.store.checkpoints import CheckpointRecord, NewCheckpoint
from bot.store.database import Database, open_database
from bot.store.guild_tables import ContentSetting
from bot.store.guilds import GuildChanges, GuildSettings
from bot.store.importing import ImportedSong, ImportOutcome
from bot.store.leases import Lease
from bot.store.lyrics_records import Lyrics, NewLyrics
from bot.store.members import Forgotten
from bot.store.pending import PendingRequest
from bot.store.quotas import SubmissionQuotas
from bot.store.removals import Removal
from bot.store.report_tables import ReportState
from bot.store.reports import Case, Report
from bot.store.retention import Expired, KeepingTimes
from bot.store.review import InReview, StoredPiece, SubmitterRecord
from bot.store.store import Store, open_store
from bot.store.tables import MAX_MIDI_BYTES, LessonKind
from bot.store.training_runs import RunMessage, TrainingRun, Verdict
from bot.store.types import fold_name
from bot.store.verse_votes import CastVote
from bot.store.verses import NewVerse, RankedVerse, Verse
from bot.store.versions import LearnedSongs, Lesson
from bot.store.voices import name_of, split_voice, voice_of
from bot.store.votes import VoteCount, VoteStore
from bot.store.works import Subject, VotedKind, WorkKind

__all__ = [
    "MAX_MIDI_BYTES",
    "ArtistSummary",
    "Ban",
    "Battle",
    "BattleCount",
    "BattlePart",
    "Beat",
    "Case",
    "CastVote",
    "CheckpointRecord",
    "ContentSetting",
    "Database",
    "Expired",
    "Forgotten",
    "GuildChanges",
    "GuildSettings",
    "ImportOutcome",
    "ImportedSong",
    "InReview",
    "KeepingTimes",
    "LearnedSongs",
    "Lease",
    "Lesson",
    "LessonKind",
    "Lyrics",
    "NewBattle",
    "NewBeat",
    "NewCheckpoint",
    "NewLyrics",
    "NewVerse",
    "PendingRequest",
    "RankedBeat",
    "RankedVerse",
    "Removal",
    "Report",
    "ReportState",
    "RunMessage",
    "Side",
    "Store",
    "StoredPiece",
    "Subject",
    "SubmissionQuotas",
    "SubmitterRecord",
    "TrainingRun",
    "Verdict",
    "Verse",
    "VoteCount",
    "VoteStore",
    "VotedKind",
    "WorkKind",
    "fold_name",
    "name_of",
    "open_database",
    "open_store",
    "split_voice",
    "voice_of",
]
