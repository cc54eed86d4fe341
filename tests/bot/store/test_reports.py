"""Reports of verses, battles and beats wait in one queue, each once."""

import pytest

from bot.errors import AlreadyReported, NoSuchBattle, NoSuchBeat, NoSuchVerse, TooManyReports
from bot.store import Store, Subject
from tests.bot.store.examples import new_beat, new_verse
from tests.bot.store.test_battles import opened

HERE = 7


async def made(store: Store, guild_id: int = HERE) -> list[Subject]:
    """One of each kind, all of the same number, in the order of the queue."""
    verse = await store.verses.add(new_verse(guild_id=guild_id))
    battle = await opened(store, guild_id=guild_id)
    beat = await store.beats.add(new_beat(guild_id=guild_id))
    return [Subject("verse", verse.id), Subject("battle", battle.id), Subject("beat", beat.id)]


async def report(store: Store, subject: Subject, reporter_id: int = 1) -> None:
    await store.reports.add(subject, HERE, reporter_id, "Rude", max_per_day=5)


async def test_the_queue_goes_round_all_kinds(store: Store) -> None:
    subjects = [*await made(store), *await made(store)]
    for subject in subjects:
        await report(store, subject, reporter_id=1 if subject.id == 1 else 2)
    assert await store.reports.num_cases(HERE) == 6
    queue, after = [], None
    for _ in range(7):
        case = await store.reports.next_case(HERE, after)
        assert case is not None
        after = case.subject
        queue.append(case.subject)
    kinds = ("verse", "verse", "battle", "battle", "beat", "beat", "verse")
    assert [each.kind for each in queue] == list(kinds)
    assert [each.id for each in queue] == [1, 2, 1, 2, 1, 2, 1]


async def test_a_case_has_the_reports_of_its_kind_alone(store: Store) -> None:
    subjects = await made(store)
    for number, subject in enumerate(subjects):
        for reporter in range(number + 1):
            await report(store, subject, reporter)
    await store.reports.set_notice(subjects[2], 99)
    cases = [await store.reports.case(subject, HERE) for subject in subjects]
    assert [len(case.reports) for case in cases] == [1, 2, 3]
    assert [case.notice_message_id for case in cases] == [None, None, 99]
    assert await store.reports.resolve(subjects[2], HERE, 5, "upheld") == 3
    assert await store.reports.num_cases(HERE) == 2


async def test_a_member_reports_each_once_and_only_so_often(store: Store) -> None:
    for subject in await made(store):
        await report(store, subject)
        with pytest.raises(AlreadyReported):
            await report(store, subject)
    with pytest.raises(TooManyReports):
        await store.reports.add((await made(store))[2], HERE, 1, "Rude", max_per_day=3)


async def test_what_is_not_there_cannot_be_reported(store: Store) -> None:
    elsewhere = await made(store, guild_id=8)
    unknown = [Subject(each.kind, 404) for each in elsewhere]
    for subject in (*elsewhere, *unknown):
        error = {"verse": NoSuchVerse, "battle": NoSuchBattle, "beat": NoSuchBeat}[subject.kind]
        with pytest.raises(error):
            await report(store, subject)
    assert await store.reports.num_cases(HERE) == 0


async def test_each_kind_is_hidden_and_shown_again_alone(store: Store) -> None:
    subjects = await made(store)

    async def hidden() -> list[bool]:
        found = [await store.works(each.kind).get(each.id) for each in subjects]
        return [each.is_hidden for each in found if each is not None]

    for number, subject in enumerate(subjects):
        await store.works(subject.kind).hide(subject.id, hidden_by=5)
        assert await hidden() == [place == number for place in range(3)]
        await store.works(subject.kind).unhide(subject.id)
        assert await hidden() == [False] * 3
