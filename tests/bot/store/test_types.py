"""Names fold to one key, and datetimes come back as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from bot.store import fold_name
from bot.store.types import UtcDateTime


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("BEYONCE", "Beyoncé"),
        ("jay z", "JAY-Z"),
        ("  edward   lear ", "Edward Lear"),
        ("Straße", "STRASSE"),
        ("ＤＪ　Ｋｅｔｔｌｅ", "DJ Kettle"),
        ("Ömer", "O\u0308mer"),
        ("oconnor", "O’Connor"),
    ],
)
def test_a_name_is_the_same_however_it_is_typed(typed: str, written: str) -> None:
    assert fold_name(typed) == fold_name(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [("が", "か"), ("李白", "杜甫"), ("कि", "की"), ("!!!", "???"), ("Lear", "Leah")],
)
def test_names_that_sound_different_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(min_size=1).filter(str.strip))
def test_every_name_has_a_key(name: str) -> None:
    assert fold_name(name)


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
@settings(max_examples=10)  # each makes a database
def test_a_moment_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    table = Table("moments", MetaData(), Column("at", UtcDateTime))
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(insert(table).values(at=moment))
            stored = connection.scalar(select(table.c.at))
    finally:
        engine.dispose()
    assert stored == moment.astimezone(UTC)
    assert stored is not None
    assert stored.tzinfo is UTC


def test_moments_compare_in_time_order_whatever_their_zone(tmp_path: Path) -> None:
    table = Table("moments", MetaData(), Column("at", UtcDateTime))
    noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    later_elsewhere = (noon + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=-9)))
    engine = create_engine(f"sqlite:///{tmp_path}/moments.db")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"at": later_elsewhere}, {"at": noon}])
        ordered = connection.scalars(select(table.c.at).order_by(table.c.at)).all()
        after = connection.scalars(select(table.c.at).where(table.c.at > noon)).all()
    engine.dispose()
    assert ordered == [noon, later_elsewhere]
    assert after == [later_elsewhere]


def test_a_moment_without_a_zone_is_refused() -> None:
    table = Table("moments", MetaData(), Column("at", UtcDateTime))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        with pytest.raises(StatementError, match="time zone"):
            connection.execute(insert(table).values(at=datetime(2026, 5, 1)))  # noqa: DTZ001
    engine.dispose()
