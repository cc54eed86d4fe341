"""Backups: one file with database and checkpoints as they were together, and its way back."""

from bot.backup.restoring import Restored, restore
from bot.backup.schedule import BackupSchedule
from bot.backup.writing import Backup, write_backup

__all__ = ["Backup", "BackupSchedule", "Restored", "restore", "write_backup"]
