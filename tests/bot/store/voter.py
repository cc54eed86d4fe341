"""A process that votes: `python -m tests.bot.store.voter URL VERSE_ID FIRST_USER NUM_VOTES`.

It prints the number of each member whose vote the store acknowledged.
"""

import asyncio
import sys

from bot.store import open_store


async def vote(url: str, verse_id: int, first_user: int, num_votes: int) -> None:
    async with open_store(url) as store:
        for user_id in range(first_user, first_user + num_votes):
            await store.votes.cast(verse_id, user_id, 1)
            sys.stdout.write(f"{user_id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(vote(sys.argv[1], *(int(argument) for argument in sys.argv[2:5])))
