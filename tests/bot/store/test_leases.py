"""A lease has one holder at a time, whichever process asks, until it lapses or is given back."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.store import Store, open_store


async def test_of_many_who_ask_at_once_one_gets_it(store: Store, url: str) -> None:
    async with open_store(url) as other:
        asked = (
            each.leases.acquire("training", f"process {number}", seconds=60)
            for number in range(4)
            for each in (store, other)
        )
        owners = {lease.owner for lease in await asyncio.gather(*asked)}
    assert len(owners) == 1
    holder = await store.leases.holder("training")
    assert holder is not None
    assert {holder.owner} == owners
    assert holder.expires_at > datetime.now(UTC) + timedelta(seconds=50)


async def test_a_lapsed_lease_is_anybodys_and_no_longer_its_owners(store: Store) -> None:
    await store.leases.acquire("training", "old", seconds=-1)
    assert await store.leases.holder("training") is None
    assert not await store.leases.renew("training", "old", seconds=60)
    taken = await store.leases.acquire("training", "new", seconds=60)
    assert taken.owner == "new"
    assert not await store.leases.renew("training", "old", seconds=60)
    await store.leases.release("training", "old")  # the late owner takes nothing back
    assert await store.leases.holder("training") == taken


async def test_renewing_puts_the_end_off(store: Store) -> None:
    before = await store.leases.acquire("training", "me", seconds=60)
    assert await store.leases.renew("training", "me", seconds=600)
    after = await store.leases.holder("training")
    assert after is not None
    assert after.expires_at > before.expires_at + timedelta(seconds=500)


async def test_who_gives_it_back_leaves_it_to_the_next_at_once(store: Store) -> None:
    await store.leases.acquire("training", "me", seconds=600)
    await store.leases.release("training", "me")
    assert (await store.leases.acquire("training", "you", seconds=60)).owner == "you"


async def test_the_heir_of_a_dead_owner_need_not_wait(store: Store) -> None:
    await store.leases.acquire("training", "dead", seconds=600)
    refused = await store.leases.acquire("training", "heir", seconds=60, heir_of="another")
    assert refused.owner == "dead"
    taken = await store.leases.acquire("training", "heir", seconds=60, heir_of="dead")
    assert taken.owner == "heir"


async def test_leases_of_other_names_are_other_leases(store: Store) -> None:
    await store.leases.acquire("training", "me", seconds=60)
    assert (await store.leases.acquire("backup", "you", seconds=60)).owner == "you"
