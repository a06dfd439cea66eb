"""What may an operator do with a collection?

A collection is there from the first article or setting that it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from storycluster.domain import (
    PUBLIC,
    Act,
    AuditEntry,
    AuditFilter,
    CollectionInfo,
    CollectionSettings,
    EventKind,
    Override,
    OverrideKind,
    Page,
    Rights,
)
from storycluster.engine import reading
from storycluster.engine.collection_settings import check_settings
from storycluster.engine.exporting import export_lines
from storycluster.engine.importing import import_lines
from storycluster.engine.overrides import Overrides
from storycluster.engine.writer import Writer
from storycluster.errors import NotFound, StoryChanged
from storycluster.ports import OF_THE_STORE, Clock, Reader, Scheme, Store
from storycluster.settings import Settings


class Administration:
    """Acts upon whole collections."""

    settings: Settings
    _clock: Clock
    _scheme: Scheme
    _store: Store
    _writer: Writer
    _named: Callable[[str], str]
    _act: Callable[..., Any]

    def list_collections(self) -> tuple[CollectionInfo, ...]:
        """Those that hold an article, ascending name."""
        with self._store.read() as reader:
            return tuple(_info(reader, name) for name in reader.collections())

    def get_collection(self, collection: str) -> CollectionInfo:
        """One of them, or one that has settings alone. NotFound for any other name."""
        name = self._named(collection)
        with self._store.read() as reader:
            info = _info(reader, name)
        if not info.settings_revision and not any(info.counts.values()):
            raise NotFound(resource="collection", name=name)
        return info

    def update_collection(
        self,
        collection: str,
        chosen: CollectionSettings,
        act: Act,
        *,
        expected_revision: int = 0,
    ) -> tuple[Override, CollectionInfo]:
        """Set how canonicals are chosen, and choose each anew, in one commit, and which names are
        one in comparisons.

        Raises InvalidInput for an unknown policy, a rank without sources, a group of less than two
        names, StoryChanged where the settings are not at the expected revision (0: any).
        """
        check_settings(chosen, self.settings)

        def update(overrides: Overrides) -> tuple[Override, CollectionInfo]:
            return configure(overrides, chosen, expected=expected_revision)

        done: tuple[Override, CollectionInfo] = self._act(collection, act, update)
        return done

    def delete_collection(
        self, collection: str, act: Act, *, rights: Rights = PUBLIC
    ) -> Mapping[str, int]:
        """Remove a collection for good; what it held, as everybody sees it. Returns when no file of
        the store holds its bytes; NotFound, also without the right where everything in it is
        embargoed, and Unavailable as for `erase`: then ask again."""
        name = self._named(collection)
        with self._store.read() as reader:
            held, waits = reader.counts(name), bool(rights.embargo and reader.held(name))
        try:
            if not waits:
                self.get_collection(name)
        except NotFound:
            self._writer.scrub().result()  # asked again
            raise
        self._act(collection, act, _drop, erases=True)
        return held

    def export_collection(
        self, collection: str, *, with_withdrawn: bool = False, rights: Rights = PUBLIC
    ) -> Iterator[bytes]:
        """The collection as JSON Lines (`exchange`), from one snapshot that is held until the last
        line or `close`; one thread iterates. NotFound for one that was never written.

        Texts of withdrawn articles are in it `with_withdrawn` alone, and what is held for those who
        have the right.
        """
        name = self._named(collection)
        if not self._holds(name, rights):
            self.get_collection(name)
        with self._store.read() as reader:
            yield from export_lines(
                reader,
                name,
                scheme=self._scheme,
                now=self._clock.now(),
                with_withdrawn=with_withdrawn,
                with_held=rights.embargo,
            )

    def _holds(self, name: str, rights: Rights) -> bool:
        with self._store.read() as reader:
            return rights.embargo and bool(reader.held(name))

    def import_collection(
        self, collection: str, lines: Iterable[bytes], act: Act
    ) -> CollectionInfo:
        """Store an exported collection, under whichever name, in one commit; what it holds.

        The writer waits for it. Raises Conflict for a collection that is not empty, SchemeMismatch,
        InvalidInput that names line and field; then nothing is stored.
        """

        def store(overrides: Overrides) -> CollectionInfo:
            stories = overrides.stories
            on, name = stories.transaction, stories.collection
            import_lines(
                on, name, lines, scheme=self._scheme, settings=self.settings, now=stories.now
            )
            info = _info(on, name)
            _tell_of(overrides, EventKind.COLLECTION_IMPORTED, info.counts)
            return info

        done: CollectionInfo = self._act(collection, act, store, renews=True)
        return done

    def list_audit_entries(
        self,
        collection: str,
        wanted: AuditFilter = AuditFilter(),  # noqa: B008 - frozen
        *,
        of_the_store: bool = False,
        page_size: int = 0,
        page_token: str = "",
    ) -> Page[AuditEntry]:
        """One page of what changed, who did it and why, newest first; a filter may leave it short
        of its size. `of_the_store`: what was done to whole collections instead, deleted ones
        too, whichever is named."""
        name = self._named(collection)
        with self._store.read() as reader:
            return reading.audit(
                reader,
                OF_THE_STORE if of_the_store else name,
                wanted,
                page_size=page_size,
                page_token=page_token,
                largest_page=self.settings.limits.page_size,
            )


def configure(
    overrides: Overrides, chosen: CollectionSettings, *, expected: int
) -> tuple[Override, CollectionInfo]:
    """Put the settings and choose every canonical by them."""
    stories = overrides.stories
    transaction, name = stories.transaction, stories.collection
    revision, before = transaction.settings(name)
    if expected not in (0, revision):
        raise StoryChanged(
            f"the settings of {name!r} are at revision {revision}, not {expected}: read them again",
            field="expected_revision",
            name=name,
        )
    transaction.put_settings(name, chosen)
    stories.index.chosen = chosen
    for story_id in stories.index.story_ids():
        stories.refresh(story_id)
    changes = [
        ("collection.canonical_policy", before.canonical_policy, chosen.canonical_policy),
        ("collection.source_rank", _listed(before.source_rank), _listed(chosen.source_rank)),
        ("collection.aliases", _listed(before.aliases), _listed(chosen.aliases)),
    ]
    return overrides.record(OverrideKind.CONFIGURE, changes=changes), _info(transaction, name)


def _listed(chosen: Sequence[object]) -> str:
    return json.dumps(chosen, ensure_ascii=False) if chosen else ""


def _drop(overrides: Overrides) -> None:
    """Drop the collection; that it was there, and by whom and why it went, is kept elsewhere."""
    stories = overrides.stories
    held = stories.transaction.counts(stories.collection)
    stories.transaction.drop_collection(stories.collection)
    _tell_of(overrides, EventKind.COLLECTION_DELETED, held)


def _tell_of(overrides: Overrides, kind: EventKind, held: Mapping[str, int]) -> None:
    """Tell what was done to a whole collection where it outlives it."""
    stories = overrides.stories
    stories.transaction.add_event(
        OF_THE_STORE,
        kind,
        time=stories.now,
        detail={"collection": stories.collection, **{key: str(n) for key, n in held.items()}},
        actor=stories.act.actor,
        reason=stories.act.reason,
    )


def _info(reader: Reader, name: str) -> CollectionInfo:
    revision, chosen = reader.settings(name)
    return CollectionInfo(name, reader.counts(name), chosen, revision)
