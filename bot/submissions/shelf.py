"""All pieces of one kind that were handed in before, to be compared with what comes."""

import asyncio

from bot.errors import NearDuplicate, NearDuplicateBeat
from bot.store import LessonKind, Lyrics, Store, StoredPiece
from bot.submissions.findings import Findings
from bot.submissions.readers import Prepared, Reader
from bot.submissions.similarity import Sketch, SketchIndex, share_in_common, sketch
from model.copyguard.runs import Hashes

_PAGE = 500
_WORTH_A_WORD = 0.05  # less in common is chance


class Shelf:
    """It reads what is new in the database when it is told to, so that what another process brings
    in is known too. Not to be used twice at once.
    """

    def __init__(self, kind: LessonKind, reader: Reader, store: Store) -> None:
        self.reader = reader
        self._kind = kind
        self._store = store
        self._index = SketchIndex()
        self._last_id = 0

    async def catch_up(self) -> None:
        found: list[Sketch] = []
        last_id = self._last_id
        while page := await self._store.review.pieces(self._kind, after_id=last_id, limit=_PAGE):
            found += await asyncio.to_thread(self._sketches, page)
            last_id = page[-1].lyrics_id
        await asyncio.to_thread(self._index.add, found)
        self._last_id = last_id

    async def compared(
        self, prepared: Prepared, max_share: float, submitter_id: int, guild_id: int | None
    ) -> Findings:
        """The findings with what is most like it. Raises NearDuplicate for too much of another's.

        Only what the server may see is compared.
        """
        findings = prepared.findings
        likely = await asyncio.to_thread(self._index.nearest, prepared.runs, guild_id)
        if not likely:
            return findings
        visible = await self._store.review.visible(likely, guild_id)
        share, nearest = await asyncio.to_thread(self._nearest, prepared.runs, visible)
        if nearest is None or share < _WORTH_A_WORD:
            return findings
        is_same = nearest.fingerprint == prepared.fingerprint  # for the store to refuse
        if share > max_share and not is_same:
            is_own = nearest.submitter_id == submitter_id
            fault = NearDuplicateBeat if self._kind == "beats" else NearDuplicate
            raise fault(nearest.artist, nearest.title, share, is_own=is_own)
        return findings.model_copy(update={"similarity": round(share, 3), "similar_to": nearest.id})

    def _sketches(self, pieces: list[StoredPiece]) -> list[Sketch]:
        return [sketch(each.lyrics_id, each.guild_id, self.reader.runs(each)) for each in pieces]

    def _nearest(self, runs: Hashes, others: list[Lyrics]) -> tuple[float, Lyrics | None]:
        compared = ((share_in_common(runs, self.reader.runs(each)), each) for each in others)
        return max(compared, key=lambda pair: pair[0], default=(0.0, None))
