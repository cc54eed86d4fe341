"""Asking for verses and getting them: content, reproducibility, waiting, limits, cancellation."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import (
    BadSeed,
    DeadlineExceeded,
    EngineStopped,
    NotSayable,
    QueueFull,
    TooManyWaiting,
    UnknownArtist,
    UserError,
)
from bot.generation import GenerationService, Mix, SamplingParameters, VerseRequest, Waiting
from model.copyguard import VerseGuard
from tests.bot.generation.conftest import Configure, Gate

FREE = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.1)


def asking(
    seed: str = "slim",
    *,
    user_id: int = 1,
    artist: str = "Mara Quill",
    lines: int = 4,
    rng_seed: int | None = 7,
    context: str = "",
) -> VerseRequest:
    return VerseRequest(
        user_id=user_id,
        artist=artist,
        seed=seed,
        lines=lines,
        sampling=FREE,
        rng_seed=rng_seed,
        context=context,
    )


def num_lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))


async def settle() -> None:
    """Let everything that can run without the worker run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def eventually(condition: object) -> None:
    assert callable(condition)
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "seed", ["slim", "don't", "夜雨", "two words ", "@everyone", "`x`", "7", "é"]
)
@pytest.mark.parametrize("lines", [2, 8])
async def test_a_verse_opens_with_its_seed_and_has_its_lines(
    service: GenerationService, seed: str, lines: int
) -> None:
    verse = await service.generate(asking(seed, lines=lines))
    assert verse.text.startswith(seed)
    assert num_lines(verse.text) == lines
    assert "\ufffd" not in verse.text


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=60), st.integers(1, 6))
def test_any_line_is_a_seed_and_any_text_a_context(
    configure: Configure, seed: str, context: str, lines: int
) -> None:
    async def ask() -> str | None:
        request = asking(seed, lines=lines, context=context)
        async with GenerationService(configure()) as service:
            try:
                return (await service.generate(request)).text
            except BadSeed:
                return None

    text = asyncio.run(ask())
    if text is None:
        assert "\n" in seed or not seed.strip()
    else:
        assert text.startswith(seed)
        assert num_lines(text) <= lines


async def test_a_word_at_the_end_of_the_seed_stays_that_word(service: GenerationService) -> None:
    for rng_seed in range(30):
        verse = await service.generate(asking("slim", rng_seed=rng_seed))
        following = verse.text[4:5]
        assert not following.isalnum()
        assert following not in {"'", "’"}


async def test_an_empty_seed_gives_a_verse_that_begins_at_once(service: GenerationService) -> None:
    for rng_seed in range(10):
        verse = await service.generate(asking("", rng_seed=rng_seed))
        assert num_lines(verse.text) == 4
        assert not verse.text[0].isspace()


async def test_a_context_is_not_repeated_and_changes_what_follows(
    service: GenerationService,
) -> None:
    plain = await service.generate(asking(""))
    continued = await service.generate(asking("", context="The kettle hums in G\nand I in C"))
    assert "kettle" not in continued.text
    assert continued.text != plain.text


async def test_the_same_request_gives_the_same_verse_alone_and_among_63_others(
    configure: Configure,
) -> None:
    async with GenerationService(configure(candidates=2)) as service:
        alone = await service.generate(asking())
        crowd = [asking(f"word {n}", user_id=n, lines=2 + n % 7, rng_seed=n) for n in range(2, 65)]
        verses = await asyncio.gather(*map(service.generate, [*crowd[:30], asking(), *crowd[30:]]))
        assert verses[30].text == alone.text
        assert (alone.rng_seed, alone.checkpoint, alone.lines) == (7, "starter-1", 4)


async def test_a_crowd_is_served_with_fewer_tries_each_and_told_how_many(
    configure: Configure, gate: Gate
) -> None:
    async with GenerationService(configure(num_slots=16, candidates=8)) as service:
        alone = await service.generate(asking())
        assert alone.num_candidates == 8
        gate.close()
        tasks = [asyncio.create_task(service.generate(asking(user_id=n))) for n in range(20)]
        await settle()
        gate.open()
        verses = await asyncio.gather(*tasks)
        tries = [verse.num_candidates for verse in verses]
        assert max(tries) == 8
        assert min(tries) == 2
        for num_candidates in {*tries}:
            same = [verse.text for verse in verses if verse.num_candidates == num_candidates]
            assert len({*same}) == 1
        assert all(verse.text == alone.text for verse in verses if verse.num_candidates == 8)


async def test_a_verse_rhymes_as_asked_or_as_its_artist_does(service: GenerationService) -> None:
    free = await service.generate(asking())
    asked = await service.generate(replace(asking(), scheme="AABB"))
    assert (free.scheme, asked.scheme) == ("free", "AABB")
    own = replace(asking(), scheme="free")
    assert (await service.generate(own)).text == free.text


async def test_a_mix_is_of_two_artists_as_the_checkpoint_spells_them(
    service: GenerationService,
) -> None:
    plain = await service.generate(asking())
    mixed = await service.generate(replace(asking(), mix=Mix(artist="ROOF fox", share=60)))
    assert (plain.mix, mixed.mix) == (None, Mix(artist="Roof Fox", share=60))
    assert mixed.text != plain.text
    with pytest.raises(UnknownArtist):
        await service.generate(replace(asking(), mix=Mix(artist="Nobody", share=60)))


async def test_one_artist_mixed_with_themself_is_no_mix(service: GenerationService) -> None:
    plain = await service.generate(asking())
    mixed = await service.generate(replace(asking(), mix=Mix(artist="mara quill", share=60)))
    assert (mixed.mix, mixed.text) == (None, plain.text)


@pytest.mark.parametrize("seed", ["", "slim"])
async def test_where_every_line_would_copy_the_member_is_told(
    service: GenerationService, seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(VerseGuard, "would_copy", lambda *_: True)
        with pytest.raises(BadSeed, match="no line of my own"):
            await service.generate(asking(seed))
    assert (await service.generate(asking(seed))).text


async def test_without_a_random_seed_one_is_drawn_that_gives_the_verse_again(
    service: GenerationService,
) -> None:
    first, second = [await service.generate(asking(rng_seed=None)) for _ in range(2)]
    assert first.rng_seed != second.rng_seed
    again = await service.generate(asking(rng_seed=first.rng_seed))
    assert again.text == first.text


async def test_artists_are_found_in_any_spelling_and_unknown_ones_named(
    service: GenerationService,
) -> None:
    assert service.artists(None) == ("Mara Quill", "Roof Fox", "夜雨")
    assert service.resolve_artist("ROOF-FOX", None) == "Roof Fox"
    assert service.search_artists("qui", 25, None) == ["Mara Quill"]
    assert (await service.generate(asking(artist="mara quill"))).artist == "Mara Quill"
    with pytest.raises(UnknownArtist) as unknown:
        await service.generate(asking(artist="Mara Quilt"))
    assert unknown.value.nearest == ("Mara Quill",)


@pytest.mark.parametrize("lines", [0, 33])
async def test_an_impossible_number_of_lines_is_refused(
    service: GenerationService, lines: int
) -> None:
    with pytest.raises(ValueError, match="lines"):
        await service.generate(asking(lines=lines))


async def test_a_seed_beyond_all_measure_fails_alone(service: GenerationService) -> None:
    with pytest.raises(UserError, match="too long"):
        await service.generate(asking("夜" * 2_000))
    assert (await service.generate(asking())).text


async def test_full_queues_refuse_at_once_and_serve_who_waits(
    configure: Configure, gate: Gate
) -> None:
    config = configure(num_slots=1, max_waiting=4, max_waiting_per_user=3)
    async with GenerationService(config) as service:
        gate.close()
        waiting = [asyncio.create_task(service.generate(asking())) for _ in range(4)]
        await settle()
        with pytest.raises(TooManyWaiting):
            await service.generate(asking())
        waiting.append(asyncio.create_task(service.generate(asking(user_id=2))))
        await settle()
        with pytest.raises(QueueFull) as full:
            await service.generate(asking(user_id=3))
        assert full.value.retry_after_s >= 1
        gate.open()
        verses = await asyncio.gather(*waiting)
        assert len({verse.text for verse in verses}) == 1


async def test_there_are_as_many_places_as_slots_and_queue_hold(configure: Configure) -> None:
    async with GenerationService(configure(num_slots=1, max_waiting=2)) as service:
        with service.place(), service.place():
            with service.place(), pytest.raises(QueueFull) as full, service.place():
                pass
            assert full.value.retry_after_s >= 1
            with service.place():  # the one that was given back
                pass


async def test_the_number_of_those_who_wait_is_told(configure: Configure, gate: Gate) -> None:
    async with GenerationService(configure(num_slots=1, max_waiting=2)) as service:
        assert service.num_waiting == 0
        gate.close()
        asked = [asyncio.create_task(service.generate(asking(user_id=n))) for n in range(3)]
        await settle()
        assert service.num_waiting == 2
        gate.open()
        await asyncio.gather(*asked)
        assert service.num_waiting == 0
    assert service.num_waiting == 0


async def test_one_users_requests_do_not_delay_anothers_first(
    configure: Configure, gate: Gate
) -> None:
    async with GenerationService(configure(num_slots=1)) as service:
        gate.close()
        done: list[int] = []

        async def ask(user_id: int) -> None:
            await service.generate(asking(user_id=user_id))
            done.append(user_id)

        tasks = [asyncio.create_task(ask(user_id)) for user_id in (1, 1, 1, 1, 2)]
        await settle()
        gate.open()
        await asyncio.gather(*tasks)
        assert done == [1, 1, 2, 1, 1]


async def test_who_waits_is_told_the_position_until_the_verse_comes(
    configure: Configure, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.generation.waiting.FIRST_NOTICE_S", 0.02)
    monkeypatch.setattr("bot.generation.waiting.NOTICE_INTERVAL_S", 0.01)
    async with GenerationService(configure(num_slots=1)) as service:
        gate.close()
        first = asyncio.create_task(service.generate(asking()))
        second = asyncio.create_task(service.generate(asking(user_id=2)))
        await settle()
        told: list[Waiting] = []

        async def note(waiting: Waiting) -> None:
            told.append(waiting)
            raise RuntimeError("the message was deleted")

        third = asyncio.create_task(service.generate(asking(user_id=3), on_wait=note))
        await eventually(lambda: told)
        second.cancel()
        await eventually(lambda: len(told) == 2)
        gate.open()
        await asyncio.gather(first, third)
        assert [waiting.position for waiting in told[:2]] == [2, 1]
        assert told[0].estimate_s > told[1].estimate_s > 0


async def test_a_verse_that_comes_at_once_needs_no_notice(service: GenerationService) -> None:
    told: list[Waiting] = []

    async def note(waiting: Waiting) -> None:
        told.append(waiting)

    await service.generate(asking(), on_wait=note)
    assert told == []


async def test_the_deadline_ends_a_verse_and_frees_its_slot(
    configure: Configure, gate: Gate
) -> None:
    async with GenerationService(configure(num_slots=1, deadline_s=1.0)) as service:
        gate.close()
        begun, queued = (
            asyncio.create_task(service.generate(asking(user_id=user_id))) for user_id in (1, 2)
        )
        for task in (begun, queued):
            with pytest.raises(DeadlineExceeded):
                await task
        gate.open()
        assert (await service.generate(asking())).text


async def test_cancelling_frees_the_slot_and_the_place(configure: Configure, gate: Gate) -> None:
    config = configure(num_slots=1, max_waiting=1, max_waiting_per_user=1)
    async with GenerationService(config) as service:
        gate.close()
        begun, queued = (
            asyncio.create_task(service.generate(asking(user_id=user_id))) for user_id in (1, 2)
        )
        await settle()
        queued.cancel()
        await settle()
        begun.cancel()
        replacement = asyncio.create_task(service.generate(asking(user_id=3)))
        gate.open()
        assert (await replacement).text
        assert begun.cancelled()
        assert queued.cancelled()


async def test_leaving_the_service_tells_everybody_who_waits(
    configure: Configure, gate: Gate
) -> None:
    async with GenerationService(configure(num_slots=1)) as service:
        gate.close()
        tasks = [asyncio.create_task(service.generate(asking(user_id=n))) for n in range(3)]
        await settle()
        asyncio.get_running_loop().call_later(0.05, gate.open)
    for task in tasks:
        with pytest.raises(EngineStopped):
            await task
    with pytest.raises(EngineStopped):
        await service.generate(asking())
    assert service.failure


async def test_a_verse_that_may_not_stand_is_written_again_and_then_given_up(
    service: GenerationService,
) -> None:
    first = await service.generate(asking())
    second = await service.generate(replace(asking(), may_stand=lambda text: text != first.text))
    assert second.text != first.text
    assert second.rng_seed == asking(rng_seed=8).rng_seed
    whole: list[str] = []

    def stands_line_by_line(text: str) -> bool:
        whole.extend([text] if "\n" in text else [])
        return "\n" not in text

    with pytest.raises(NotSayable):
        await service.generate(replace(asking(), may_stand=stands_line_by_line))
    assert len({*whole}) == 4
    assert service.num_waiting == 0
