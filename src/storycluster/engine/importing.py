"""How does a written collection become one of this store, or is refused by line and field?

In one transaction: a file that is wrong at its last line, or a crash on the way, leaves nothing.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from storycluster import fingerprint
from storycluster.domain import (
    Article,
    Assignment,
    AuditEntry,
    Constraint,
    ConstraintKind,
    Override,
    Promotion,
    StoredArticle,
    Story,
    StoryState,
    Tombstone,
)
from storycluster.engine.collection_settings import check_settings
from storycluster.engine.embargo import is_embargoed
from storycluster.engine.exporting import stories_ascending
from storycluster.engine.feed import IMPORTED
from storycluster.engine.prepare import text_problem, validate
from storycluster.engine.reading import resolve
from storycluster.errors import Conflict, InvalidInput, NotFound, SchemeMismatch, StoreCorrupt
from storycluster.exchange import (
    ArticleRecord,
    CollectionRecord,
    Header,
    HeldRecord,
    Line,
    Mark,
    Record,
    StreamPosition,
    at_line,
    read_lines,
)
from storycluster.features import Features, unpack
from storycluster.ports import Scheme, Transaction
from storycluster.settings import Settings


def import_lines(
    transaction: Transaction,
    collection: str,
    lines: Iterable[Line],
    *,
    scheme: Scheme,
    settings: Settings,
    now: datetime,
) -> None:
    """Store what `exporting.export_lines` wrote.

    Raises Conflict for a collection that holds anything, SchemeMismatch for another scheme,
    InvalidInput that names line and field for a file that is damaged, cut off, foreign or newer.
    """
    refuse_unless_empty(transaction, collection)
    last_held = max((one.number for one in transaction.held(collection)), default=0)
    to = _Import(transaction, collection, scheme, settings, now, last_held)
    number = 0
    for number, record in read_lines(lines):
        try:
            to.add(record)
        except InvalidInput as error:
            raise at_line(number, error) from None
    try:
        to.check()
    except InvalidInput as error:
        raise at_line(number, error) from None
    transaction.set_mark(collection, IMPORTED, transaction.counts(collection)["events"])


def refuse_unless_empty(transaction: Transaction, collection: str) -> None:
    """Raise Conflict where a collection holds anything."""
    held = any(transaction.counts(collection).values()) or transaction.last_sequence(collection)
    kept = transaction.stream_positions(collection) or transaction.marks(collection)
    if held or kept or transaction.settings(collection)[0]:
        told = f"collection {collection!r} is not empty: delete it first, or import under another"
        raise Conflict(told, field="collection", name=collection)


@dataclass(slots=True)
class _Import:
    """One import under way."""

    transaction: Transaction
    collection: str
    scheme: Scheme
    settings: Settings
    now: datetime
    last_held: int
    last_sequence: int = 0
    revisions: set[tuple[str, int]] = field(default_factory=set)
    """(article id, revision) of what was added."""

    def add(self, record: Record) -> None:
        """Store one record. Raises InvalidInput with its field."""
        _add(record, self)

    def check(self) -> None:
        """Raise InvalidInput where the stories are not those of their members."""
        on, name = self.transaction, self.collection
        if on.last_sequence(name) > self.last_sequence:
            raise InvalidInput.of("collection.last_sequence", "an article follows it")
        on.skip_sequences(name, self.last_sequence)
        members = 0
        for story in stories_ascending(on, name):
            assert isinstance(story, Story)  # as listed
            members += self._checked(story)
        if members != on.counts(name)["articles"]:
            raise InvalidInput.of("article.assignment.story_id", "an article is in no known story")

    def _checked(self, story: Story) -> int:
        """How many members a story has."""
        on, name = self.transaction, self.collection
        members = on.members(name, story.story_id)
        ids = {member.article_id for member in members}
        where = f"story {story.story_id}"
        stands = {story.canonical.article_id} if story.canonical else set()
        if story.article_count != len(ids) or story.state.live is not bool(ids):
            raise InvalidInput.of(where, f"has {len(ids)} articles, not {story.article_count}")
        if bool(stands) is not bool(ids) or stands - ids:
            raise InvalidInput.of(where, "its canonical is none of its articles")
        if {member.reprint_group for member in members} - ids:
            raise InvalidInput.of(where, "the original of a reprint group is not in it")
        merged = story.state is StoryState.MERGED
        if merged is not bool(story.merged_into_story_id):
            raise InvalidInput.of(where, "must redirect where it is merged, and only there")
        try:
            resolve(on, name, story.story_id)
        except (NotFound, StoreCorrupt):
            raise InvalidInput.of(where, "does not redirect to a story that is there") from None
        return len(ids)


@functools.singledispatch
def _add(record: Record, to: _Import) -> None:
    """Store a record of its kind."""
    raise NotImplementedError(type(record).__name__)


@_add.register
def _(record: Header, to: _Import) -> None:
    for name in ("encoder_id", "dimensions", "fingerprint", "features"):
        was, now = str(getattr(record, name)), str(getattr(to.scheme, name))
        if was != now:
            raise SchemeMismatch(
                f"{name}: the file holds {was!r}, this engine uses {now!r}",
                name=name,
                stored=was,
                given=now,
            )


@_add.register
def _(record: CollectionRecord, to: _Import) -> None:
    if record.settings_revision < 0 or record.last_sequence not in range(1 << 40):
        raise InvalidInput.of("collection", "a number is out of range")
    check_settings(record.settings, to.settings)
    to.last_sequence = record.last_sequence
    if record.settings_revision:
        revision = record.settings_revision
        to.transaction.put_settings(to.collection, record.settings, revision=revision)


@_add.register
def _(record: Story, to: _Import) -> None:
    _check_id(record.story_id, "story.story_id", to)
    if to.transaction.story(to.collection, record.story_id) is not None:
        raise InvalidInput.of("story.story_id", f"{record.story_id} is there already")
    if record.revision < 0:
        raise InvalidInput.of("story.revision", "must not be negative")
    to.transaction.put_story(to.collection, record)


@_add.register
def _(record: ArticleRecord, to: _Import) -> None:
    article, assignment = record.article, record.assignment
    _check_article(article, record.digest, "article", to)
    if is_embargoed(article, to.now):  # to store it would publish it
        told = f"{article.embargo_time} lies ahead: before its minute an article is a held record"
        raise InvalidInput.of("article.article.embargo_time", told)
    if article.revision < 1:
        raise InvalidInput.of("article.article.revision", "must be 1 or more")
    features = _features_of(record.features, "article.features", to)
    key = (article.article_id, article.revision)
    on, name = to.transaction, to.collection
    if record.sequence <= on.last_sequence(name) or record.sequence > to.last_sequence:
        raise InvalidInput.of("article.sequence", "must ascend, up to that of the collection")
    if key in to.revisions:
        raise InvalidInput.of("article.article.revision", "is there already")
    if (assignment.article_id, assignment.revision) != key:
        raise InvalidInput.of("article.assignment", "is for another article")
    _check_story(assignment, "article.assignment", to)
    if not record.latest and not on.digests(name, article.article_id):
        raise InvalidInput.of("article.latest", "the first revision is its article's latest")
    to.revisions.add(key)
    stored = StoredArticle(
        article=article,
        digest=record.digest,
        sequence=record.sequence,
        ingest_time=record.ingest_time,
        assignment=assignment,
        publish_provenance=record.publish_provenance,
        latest=record.latest,
    )
    on.skip_sequences(name, record.sequence - 1)
    bands = fingerprint.band_keys(features.shingles, features.signature, to.settings.fingerprint)
    on.add_article(name, stored, features, band_keys=list(bands))


def _check_article(article: Article, digest: str, where: str, to: _Import) -> None:
    """Raise InvalidInput for an article that no ingest would take."""
    if problem := validate(article, to.settings.limits):
        first = problem.violations[0]
        raise InvalidInput.of(f"{where}.article.{first.field}", first.description)
    if digest != article.digest():
        raise InvalidInput.of(f"{where}.digest", "is not that of the title and text")


def _features_of(written: str, where: str, to: _Import) -> Features:
    """The features. Raises InvalidInput for what are none."""
    try:
        features = unpack(base64.b64decode(written, validate=True))
    except (binascii.Error, ValueError, StoreCorrupt):
        raise InvalidInput.of(where, "are no features in base64") from None
    sizes = (0, to.settings.fingerprint.permutations)
    if len(features.embedding) != to.scheme.dimensions or len(features.signature) not in sizes:
        raise InvalidInput.of(where, "are of another size")
    if not np.isfinite(features.embedding).all():
        raise InvalidInput.of(where, "hold what is no number")
    return features


@_add.register
def _(record: HeldRecord, to: _Import) -> None:
    """Under its number, or the next one where what came to be held here has taken it."""
    held = record.held
    if held.number not in range(1 << 39):
        raise InvalidInput.of("held.held.number", "is out of range")
    _check_article(held.article, held.digest, "held.held", to)
    if (held.withdrawn is None) is not bool(record.features):
        raise InvalidInput.of("held.features", "are missing, or of a withdrawn article")
    features = _features_of(record.features, "held.features", to) if record.features else None
    to.last_held = max(held.number, to.last_held + 1)
    stored = dataclasses.replace(held, number=to.last_held)
    to.transaction.put_held(to.collection, stored, features)


@_add.register
def _(record: Assignment, to: _Import) -> None:
    if (record.article_id, record.revision) not in to.revisions:
        raise InvalidInput.of("assignment.article_id", "no such revision stands before it")
    _check_story(record, "assignment", to)
    to.transaction.add_assignment(to.collection, record)


@_add.register
def _(record: Tombstone, to: _Import) -> None:
    _check_id(record.article_id, "tombstone.article_id", to)
    on, name = to.transaction, to.collection
    there = bool(on.digests(name, record.article_id))
    if there is record.erased or on.tombstone(name, record.article_id) is not None:
        raise InvalidInput.of("tombstone.article_id", "an erased article, and no other, is gone")
    (on.put_tombstone if record.erased else on.withdraw_article)(name, record)


@_add.register
def _(record: Constraint, to: _Import) -> None:
    on, name = to.transaction, to.collection
    if record.kind is ConstraintKind.LOCK:
        known = on.story(name, record.subject) is not None
    else:
        linked = record.kind is not ConstraintKind.PIN
        ids = (record.subject, record.other) if linked else (record.subject,)
        known = all(on.digests(name, one) for one in ids) and record.subject != record.other
    if not known:
        raise InvalidInput.of("constraint.subject", "is said of what is not there")
    on.add_constraint(name, record)


@_add.register
def _(record: Override, to: _Import) -> None:
    on, name = to.transaction, to.collection
    newest = on.overrides(name, limit=1)
    if record.sequence != (newest[0].sequence + 1 if newest else 1):
        raise InvalidInput.of("override.sequence", "does not follow the one before")
    on.put_override(name, record)


@_add.register
def _(record: AuditEntry, to: _Import) -> None:
    on, name, event = to.transaction, to.collection, record.event
    if event.sequence != on.counts(name)["events"] + 1:
        raise InvalidInput.of("event.event.sequence", "does not follow the one before")
    on.add_event(
        name,
        event.kind,
        time=event.time,
        story_id=event.story_id,
        article_id=event.article_id,
        detail=event.detail,
        actor=record.actor,
        reason=record.reason,
        before=record.before,
        after=record.after,
    )


@_add.register
def _(record: Promotion, to: _Import) -> None:
    _check_id(record.job_id, "promotion.job_id", to)
    if to.transaction.promotion(to.collection, record.job_id) is not None:
        raise InvalidInput.of("promotion.job_id", f"{record.job_id} is there already")
    sequences = (record.snapshot_sequence, *record.settled)
    if record.applied < 0 or not all(0 <= one <= to.last_sequence for one in sequences):
        raise InvalidInput.of("promotion", "a number is out of range")
    if not all(len(pair) == 2 for pair in record.parted):
        raise InvalidInput.of("promotion.parted", "must be pairs of stories")
    to.transaction.add_promotion(to.collection, record)


@_add.register
def _(record: StreamPosition, to: _Import) -> None:
    _check_id(record.stream_id, "stream.stream_id", to)
    if record.position < 0:
        raise InvalidInput.of("stream.position", "must not be negative")
    to.transaction.set_stream_position(to.collection, record.stream_id, record.position)


@_add.register
def _(record: Mark, to: _Import) -> None:
    _check_id(record.name, "mark.name", to)
    to.transaction.set_mark(to.collection, record.name, record.sequence)


def _check_story(assignment: Assignment, where: str, to: _Import) -> None:
    if not 0 <= assignment.sequence <= to.last_sequence or not 0.0 <= assignment.confidence <= 1.0:
        raise InvalidInput.of(where, "a number is out of range")
    if to.transaction.story(to.collection, assignment.story_id) is None:
        raise InvalidInput.of(f"{where}.story_id", "is no story of the file")


def _check_id(value: str, where: str, to: _Import) -> None:
    problem = text_problem(value, to.settings.limits.id_bytes) if value else "must not be empty"
    if problem:
        raise InvalidInput.of(where, problem)
