"""How does one transaction change the store?

Everything that can be refused is refused before the first change. A failure after it marks the
whole transaction as failed, so that half an article is never committed, whoever catches the error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from storycluster.backends.checks import check_addition, microseconds
from storycluster.backends.embedded import editing_rows, held_rows, rows, statements
from storycluster.backends.embedded.promotion_rows import pack_promotion
from storycluster.backends.embedded.reading import Counters, EmbeddedReader
from storycluster.backends.embedded.session import Session
from storycluster.domain import (
    Assignment,
    CollectionSettings,
    Constraint,
    Event,
    EventKind,
    HeldArticle,
    Override,
    Promotion,
    StoredArticle,
    Story,
    StoryState,
    Tombstone,
)
from storycluster.errors import Conflict, InvalidInput, NotFound, StoreError
from storycluster.features import Features, pack
from storycluster.ports import Scheme


class EmbeddedTransaction(EmbeddedReader):
    """Implements ports.Transaction on the writer's connection."""

    def __init__(self, session: Session, scheme: Scheme) -> None:
        super().__init__(session)
        self._scheme = scheme
        self._changed: set[str] = set()
        self._failure: BaseException | None = None

    @contextmanager
    def _changing(self) -> Iterator[Session]:
        """Run changes; a failure among them fails the transaction."""
        self.refuse_after_failure()
        try:
            yield self._session
        except BaseException as error:
            self._failure = error
            raise

    def refuse_after_failure(self) -> None:
        """Raise StoreError where an earlier change failed half-way."""
        if self._failure is not None:
            raise StoreError(f"an earlier change failed: {self._failure}") from self._failure

    def flush(self) -> None:
        """Write the counters that changed; the last step before the commit."""
        with self._changing() as session:
            for name in sorted(self._changed):
                known = self._counters[name]
                values = (known.last_sequence, known.articles, known.last_story)
                session.run(
                    statements.SET_COLLECTION,
                    (*values, known.open_stories, known.last_event, known.id),
                )
            self._changed.clear()

    def _touched(self, collection: str) -> Counters:
        """Counters to be changed; a new collection gets its row."""
        known = self._collection(collection)
        if known is None:
            created = self._session.row(statements.ADD_COLLECTION, (collection,))
            assert created is not None  # RETURNING gives the row or raises
            known = self._counters[collection] = Counters(created[0], 0, 0, 0, 0, 0)
        self._changed.add(collection)
        return known

    def add_article(
        self,
        collection: str,
        stored: StoredArticle,
        features: Features,
        *,
        band_keys: Sequence[int],
    ) -> None:
        """See ports.Transaction. Also raises Conflict for a revision that is there already."""
        article = stored.article
        known = self._collection(collection)
        member = None
        if known is not None:
            member = self._session.row(statements.MEMBER, (known.id, article.article_id))
            key = (known.id, article.article_id, article.revision)
            if self._session.row(statements.REVISION_ID, key):
                told = f"revision {article.revision} of {article.article_id!r} is stored already"
                raise Conflict(told, field="revision", name=article.article_id)
        last = known.last_sequence if known else 0
        check_addition(stored, features, last=last, known=member is not None, scheme=self._scheme)
        bands = sorted({rows.signed(key) for key in band_keys})
        try:
            body = rows.pack_article(article)
        except UnicodeEncodeError as error:
            raise InvalidInput.of("article", "a lone surrogate is not text") from error
        with self._changing():
            counters = self._touched(collection)
            self._add_rows(counters, stored, body=body, features=pack(features), bands=bands)
            if stored.latest:
                self._replace_member(counters, stored, member=member, bands=bands)
            counters.last_sequence += 1
            counters.articles += member is None

    def _add_rows(
        self,
        counters: Counters,
        stored: StoredArticle,
        *,
        body: bytes,
        features: bytes,
        bands: Sequence[int],
    ) -> None:
        """The revision itself, its text, its features and its first assignment."""
        session, article = self._session, stored.article
        row = rows.row_id(counters.id, stored.sequence)
        values = (
            row,
            counters.id,
            article.article_id,
            article.revision,
            stored.digest,
            article.source,
            article.title,
            rows.optional_microseconds(article.publish_time),
            article.publish_precision.value,
            stored.publish_provenance.value,
            microseconds(stored.ingest_time),
            stored.latest,
        )
        session.run(statements.ADD_ARTICLE, values)
        session.run(statements.ADD_BODY, (row, rows.checksum(body, row), body))
        packed = rows.pack_bands(bands)
        session.run(statements.ADD_FEATURES, (row, packed, rows.checksum(features, row), features))
        session.run(statements.ADD_ASSIGNMENT, rows.assignment_values(row, stored.assignment))

    def _replace_member(
        self,
        counters: Counters,
        stored: StoredArticle,
        *,
        member: tuple[int, int] | None,
        bands: Sequence[int],
    ) -> None:
        """Make this revision the one found; `member`: first and present sequence, if any."""
        session = self._session
        first = stored.sequence
        if member is not None:
            first, earlier = member
            self._each_band(statements.DROP_BAND, counters, earlier)
        session.run_many(
            statements.ADD_BAND, [(counters.id, key, stored.sequence) for key in bands]
        )
        self._put_member(counters, stored.assignment, first=first, sequence=stored.sequence)

    def _each_band(self, statement: str, counters: Counters, sequence: int) -> None:
        """Run a statement for each band key of a stored revision."""
        packed = self._session.row(statements.BANDS, (rows.row_id(counters.id, sequence),))
        keys = rows.unpack_bands(packed[0]) if packed else ()
        self._session.run_many(statement, [(counters.id, key, sequence) for key in keys])

    def _put_member(
        self, counters: Counters, assignment: Assignment, *, first: int, sequence: int
    ) -> None:
        values = (counters.id, assignment.article_id, first, sequence, assignment.story_id)
        self._session.run(
            statements.PUT_MEMBER, (*values, assignment.relation.value, assignment.reprint_group)
        )

    def add_assignment(self, collection: str, assignment: Assignment) -> None:
        """See ports.Transaction. Raises NotFound for an unknown revision."""
        known = self._collection(collection)
        key = (known.id if known else 0, assignment.article_id, assignment.revision)
        found = self._session.row(statements.REVISION_ID, key)
        if known is None or found is None:
            name = f"{assignment.article_id} revision {assignment.revision}"
            raise NotFound(resource="article", name=name)
        with self._changing() as session:
            row = int(found[0])
            session.run(statements.ADD_ASSIGNMENT, rows.assignment_values(row, assignment))
            member = session.row(statements.MEMBER, (known.id, assignment.article_id))
            if member is not None and member[1] == rows.ordinal_of(row):
                self._put_member(known, assignment, first=member[0], sequence=member[1])

    def withdraw_article(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        key = self._key(collection, tombstone.article_id)
        member = self._session.row(statements.LIVE_MEMBER, key)
        if member is None:
            raise NotFound(resource="article", name=tombstone.article_id)
        with self._changing() as session:
            counters = self._touched(collection)
            self._each_band(statements.DROP_BAND, counters, member[1])
            session.run(statements.WITHDRAW_MEMBER, key)
            session.run(
                statements.PUT_TOMBSTONE, editing_rows.tombstone_values(counters.id, tombstone)
            )
            counters.articles -= 1

    def reinstate_article(self, collection: str, assignment: Assignment) -> None:
        """See ports.Transaction."""
        key = self._key(collection, assignment.article_id)
        self._refuse_unless_withdrawn(key)
        with self._changing() as session:
            counters = self._touched(collection)
            session.run(statements.DROP_TOMBSTONE, key)
            self.add_assignment(collection, assignment)
            member = session.row(statements.MEMBER, key)
            assert member is not None  # a withdrawn article keeps its row
            self._each_band(statements.ADD_BAND, counters, member[1])
            counters.articles += 1

    def erase_article(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        key = self._key(collection, tombstone.article_id)
        self._refuse_unless_withdrawn(key)
        with self._changing() as session:
            for statement in statements.ERASE:
                session.run(statement, key)
            values = editing_rows.tombstone_values(key[0], tombstone)
            session.run(statements.PUT_TOMBSTONE, values)

    def _key(self, collection: str, article_id: str) -> tuple[int, str]:
        known = self._collection(collection)
        return (known.id if known else 0, article_id)

    def _refuse_unless_withdrawn(self, key: tuple[int, str]) -> None:
        if self._session.row(statements.TOMBSTONE, key) is None:
            raise NotFound(resource="article", name=key[1])

    def add_constraint(self, collection: str, constraint: Constraint) -> None:
        """See ports.Transaction."""
        self._run_constraint(statements.ADD_CONSTRAINT, collection, constraint)

    def drop_constraint(self, collection: str, constraint: Constraint) -> None:
        """See ports.Transaction."""
        self._run_constraint(statements.DROP_CONSTRAINT, collection, constraint)

    def _run_constraint(self, statement: str, collection: str, constraint: Constraint) -> None:
        with self._changing() as session:
            counters = self._touched(collection)
            named = (constraint.kind.value, constraint.subject, constraint.other)
            session.run(statement, (counters.id, *named))

    def put_held(
        self, collection: str, held: HeldArticle, features: Features | None = None
    ) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            row = rows.row_id(self._touched(collection).id, held.number)
            known = session.row(statements.HELD_ROW, (row,))
            packed = known[0] if known else b""
            if features is not None:
                packed = held_rows.pack_features(features, row)
            session.run(statements.PUT_HELD, held_rows.held_values(row, held, packed))

    def drop_held(self, collection: str, number: int) -> None:
        """See ports.Transaction."""
        known = self._collection(collection)
        if known is not None:
            with self._changing() as session:
                session.run(statements.DROP_HELD, (rows.row_id(known.id, number),))

    def put_settings(
        self, collection: str, settings: CollectionSettings, *, revision: int | None = None
    ) -> None:
        """See ports.Transaction."""
        now = self.settings(collection)[0] + 1 if revision is None else revision
        with self._changing() as session:
            counters = self._touched(collection)
            values = (counters.id, now, editing_rows.pack_settings(settings))
            session.run(statements.PUT_SETTINGS, values)

    def skip_sequences(self, collection: str, last: int) -> None:
        """See ports.Transaction."""
        counters = self._touched(collection)
        counters.last_sequence = max(counters.last_sequence, last)

    def put_tombstone(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            counters = self._touched(collection)
            values = editing_rows.tombstone_values(counters.id, tombstone)
            session.run(statements.PUT_TOMBSTONE, values)

    def drop_collection(self, collection: str) -> None:
        """See ports.Transaction."""
        known = self._collection(collection)
        if known is None:
            return
        with self._changing() as session:
            ends = (rows.row_id(known.id, 0), rows.row_id(known.id + 1, 0))
            for statement in statements.DROP_ROWS:
                session.run(statement, ends)
            for statement in statements.DROP_OF_COLLECTION:
                session.run(statement, (known.id,))
            del self._counters[collection]
            self._changed.discard(collection)

    def put_override(self, collection: str, override: Override) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            counters = self._touched(collection)
            row = rows.row_id(counters.id, override.sequence)
            session.run(statements.PUT_OVERRIDE, (row, editing_rows.pack_override(override)))

    def add_promotion(self, collection: str, promotion: Promotion) -> None:
        """See ports.Transaction."""
        job_id = promotion.job_id
        if self.promotion(collection, job_id) is not None:
            raise Conflict(f"job {job_id!r} is promoted already", field="job_id", name=job_id)
        with self._changing() as session:
            counters = self._touched(collection)
            values = (counters.id, job_id, pack_promotion(promotion))
            session.run(statements.ADD_PROMOTION, values)

    def put_story(self, collection: str, story: Story) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            counters = self._touched(collection)
            found = session.row(statements.STORY_ID, (counters.id, story.story_id))
            if found is None:
                counters.last_story += 1
                row = rows.row_id(counters.id, counters.last_story)
            else:
                row = found[0]
                counters.open_stories -= StoryState(found[1]).live
            counters.open_stories += story.state.live
            session.run(statements.PUT_STORY, rows.story_values(row, counters.id, story))

    def add_event(
        self,
        collection: str,
        kind: EventKind,
        *,
        time: datetime,
        story_id: str = "",
        article_id: str = "",
        detail: Mapping[str, str] | None = None,
        actor: str = "",
        reason: str = "",
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> Event:
        """See ports.Transaction."""
        told = dict(detail or {})
        with self._changing() as session:
            counters = self._touched(collection)
            sequence = counters.last_event + 1
            row = rows.row_id(counters.id, sequence)
            values = (row, kind.value, microseconds(time), story_id, article_id)
            changed = (rows.text_of(dict(before or {})), rows.text_of(dict(after or {})))
            session.run(
                statements.ADD_EVENT, (*values, rows.text_of(told), actor, reason, *changed)
            )
            counters.last_event = sequence
        return Event(sequence, kind, time, story_id=story_id, article_id=article_id, detail=told)

    def set_stream_position(self, collection: str, stream_id: str, position: int) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            counters = self._touched(collection)
            session.run(statements.SET_STREAM_POSITION, (counters.id, stream_id, position))

    def set_mark(self, collection: str, name: str, sequence: int) -> None:
        """See ports.Transaction."""
        with self._changing() as session:
            counters = self._touched(collection)
            session.run(statements.SET_MARK, (counters.id, name, sequence))
