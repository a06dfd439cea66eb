"""Which events of a collection can still be read?

The feed is a window over what is kept for ever. An event leaves it `feed.retention_days` after it
happened; a place that lies before the window is refused, so that nobody misses something unawares.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storycluster.domain import Event
from storycluster.errors import FeedExpired, InvalidInput
from storycluster.ports import Clock, Reader, Transaction
from storycluster.settings import FeedSettings

AUDIT_ONLY = "audit_only"
"""The detail of an event that the feed does not show."""
IMPORTED = "imported"
"""The mark of a collection that came by import: its last event then. It is of this store, and is
exported to no other."""
_PAGE = 250  # read at once: a quiet promote may leave out thousands in a row


def events(
    reader: Reader,
    collection: str,
    *,
    after: int,
    limit: int,
    clock: Clock,
    settings: FeedSettings,
) -> tuple[Event, ...]:
    """At most `limit` events that follow sequence `after`, ascending; 0: from the oldest kept on.

    Raises FeedExpired where the one that follows has left the window.
    """
    if after < 0:
        raise InvalidInput.of("after", "must not be negative")
    found = _told(reader, collection, after=after, limit=limit)
    if not settings.retention_days or not found:
        return found
    since = clock.now() - timedelta(days=settings.retention_days)
    if found[0].time >= since:
        return found
    oldest = _oldest(reader, collection, since, after=after)
    if not after:
        return _told(reader, collection, after=oldest - 1, limit=limit)
    raise FeedExpired(
        f"the events after {after} are older than {settings.retention_days:g} days: the feed of "
        f"{collection!r} begins with {oldest}",
        oldest=oldest,
    )


def place(reader: Reader, collection: str, name: str) -> int:
    """The last event that a named reader has done with.

    One that never read begins behind what was imported: that happened elsewhere and is no news
    here. A place that the import brought holds."""
    marks = (f"feed:{name}", IMPORTED)
    known = next(filter(None, (reader.mark(collection, mark) for mark in marks)), 0)
    return min(known, reader.counts(collection)["events"])


def keep_place(on: Transaction, collection: str, name: str, *, sequence: int) -> None:
    """Remember it; not of a collection that was deleted meanwhile, which would not be empty."""
    if sequence <= on.counts(collection)["events"]:
        on.set_mark(collection, f"feed:{name}", sequence)


def _told(reader: Reader, collection: str, *, after: int, limit: int) -> tuple[Event, ...]:
    """Those that are not for the audit alone."""
    found: list[Event] = []
    size = max(limit, _PAGE)
    while limit and (page := reader.events(collection, after=after, limit=size)):
        found += [event for event in page if AUDIT_ONLY not in event.detail]
        if len(found) >= limit or len(page) < size:
            break
        after = page[-1].sequence
    return tuple(found[:limit])


def _oldest(reader: Reader, collection: str, since: datetime, *, after: int) -> int:
    """The first sequence behind `after` from which on events are kept; one past the last where all
    have left. Times ascend, but for a clock that was set back: then it is one such place."""
    gone, kept = after + 1, reader.counts(collection)["events"] + 1
    while kept - gone > 1:
        middle = (gone + kept) // 2
        [event] = reader.events(collection, after=middle - 1, limit=1)
        if event.time < since:
            gone = middle
        else:
            kept = middle
    return kept
