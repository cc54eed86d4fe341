"""What is no whole backup of Cypher's is refused, and writes nothing anywhere."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.backup import restore, write_backup
from bot.backup.archive import MANIFEST, read_archive, writing
from bot.config import Config
from bot.errors import BackupError, DatabaseError, DataFolderError
from bot.store.in_use import RESTORING, in_use
from tests.bot.store.examples import query


@pytest.fixture
def archive(config: Config, tmp_path: Path) -> Path:
    path = tmp_path / "saved.tar.gz"
    write_backup(config, path)
    return path


def rewrite(archive: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[str, bytes]]) -> None:
    with tarfile.open(archive) as old:
        members = [(each, getattr(old.extractfile(each), "read", bytes)()) for each in old]
    with tarfile.open(archive, "w:gz") as new:
        for member, content in members:
            name, changed = change(member, content)
            info = tarfile.TarInfo(name)
            info.size = len(changed)
            new.addfile(info, io.BytesIO(changed))


def test_a_file_that_is_cut_is_refused(archive: Path, config: Config) -> None:
    whole = archive.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) * 9 // 10):
        archive.write_bytes(whole[:size])
        with pytest.raises(BackupError):
            read_archive(archive)


def test_an_altered_file_is_refused_and_what_is_there_stays(archive: Path, config: Config) -> None:
    def alter(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
        return member.name, content if member.name == MANIFEST else content[:-1] + b"!"

    rewrite(archive, alter)
    before = sorted(config.data_dir.rglob("*"))
    with pytest.raises(BackupError, match="missing or altered"):
        restore(config, archive, replace=True)
    assert sorted(config.data_dir.rglob("*")) == before


@pytest.mark.parametrize("name", ["../cypher.db", "/cypher.db", "checkpoints/../../cypher.db"])
def test_a_name_that_leads_out_of_the_folder_is_refused(
    archive: Path, tmp_path: Path, name: str
) -> None:
    rewrite(archive, lambda each, content: (each.name.replace("cypher.db", name), content))
    (tmp_path / "deep").mkdir()
    with pytest.raises(BackupError, match="not a name"):
        read_archive(archive, into=tmp_path / "deep" / "in")
    assert not [*tmp_path.glob("**/*.db")][1:]  # the bot's own


def test_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "saved.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        link = tarfile.TarInfo("cypher.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupError, match="no plain file"):
        read_archive(archive, into=tmp_path / "in")


def test_another_archive_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "photos.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("photo.png"))
    with pytest.raises(BackupError, match="no backup of Cypher"):
        read_archive(archive)


def test_what_fails_halfway_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), writing(tmp_path / "saved.tar.gz"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_the_database_of_a_newer_cypher_is_refused(config: Config, tmp_path: Path) -> None:
    assert config.database_path is not None
    query(config.database_path, "UPDATE alembic_version SET version_num = '9999'")
    archive = tmp_path / "saved.tar.gz"
    write_backup(config, archive)
    with pytest.raises(DatabaseError, match="newer Cypher"):
        restore(config, archive, replace=True)
    assert config.database_path.exists()


def test_no_bot_starts_where_a_restore_broke_off(
    config: Config, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.backup.restoring._move_into_place", break_off)
    with pytest.raises(BackupError, match="No space left"):
        restore(config, archive, replace=True)
    monkeypatch.undo()
    with pytest.raises(DataFolderError, match="broke off"), in_use(config.data_dir):
        pass
    restore(config, archive, replace=True)
    assert not (config.data_dir / RESTORING).exists()
    with in_use(config.data_dir):
        pass


def test_two_backups_are_not_written_at_once(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_another(*_: object) -> None:
        write_backup(config, tmp_path / "another.tar.gz")

    monkeypatch.setattr("bot.backup.writing.copy_database", write_another)
    with pytest.raises(BackupError, match="already"):
        write_backup(config, tmp_path / "saved.tar.gz")
    assert not [*tmp_path.glob("*.tar.gz*")]
