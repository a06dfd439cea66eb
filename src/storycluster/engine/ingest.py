"""How does a prepared article become part of a collection?

Stage 2 of ingest, on the writer's thread inside one transaction: a known digest returns the stored
answer; another text under a known id is a revision; everything else is placed, recorded with its
evidence, and its story's canonical chosen anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storycluster import signals
from storycluster.decision import Model
from storycluster.domain import (
    Act,
    Article,
    Assignment,
    EventKind,
    IngestResult,
    Relation,
    StoredArticle,
)
from storycluster.engine.index import CollectionIndex
from storycluster.engine.overrides import Overrides
from storycluster.engine.placing import Placing, place
from storycluster.engine.prepare import PrepareAgain, Prepared, settled
from storycluster.engine.reading import gone, refuse_withdrawn
from storycluster.engine.repair import Repair
from storycluster.engine.stories import ITSELF, Stories, new_story_id
from storycluster.engine.story_rows import arrived
from storycluster.engine.surroundings import Surroundings
from storycluster.engine.withdrawing import withdraw
from storycluster.errors import ArticleWithdrawn, Conflict, StoreCorrupt, StoryClusterError
from storycluster.features import Features, term_id
from storycluster.ports import Clock, IndexRow, Transaction
from storycluster.settings import LAST_REVISION, Settings
from storycluster.text import normalise

Outcome = IngestResult | StoryClusterError
"""What became of one article, or why it is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Ingest:
    """Places articles of one collection within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    model: Model
    settings: Settings
    clock: Clock
    encoder_id: str
    settings_digest: str
    prepare_again: PrepareAgain
    looks: int
    """Second looks before each article, at most."""

    def add(self, prepared: Prepared) -> Outcome:
        """Place one article; where its source kills it, withdraw it and say so.

        Raises Conflict for a revision number that holds another text, ArticleWithdrawn for an
        article that is gone already, NotFound where one is canceled that never came.
        """
        article = prepared.article
        refuse_withdrawn(self.transaction, self.collection, article.article_id)
        known = self.transaction.digests(self.collection, article.article_id)
        told_anew = bool(known) and prepared.digest not in known.values()
        if signals.canceled(article) or (told_anew and signals.killed(article)):
            return self._kill(article)
        for number, digest in known.items():
            if digest == prepared.digest and article.revision in (0, number):
                return self._replayed(article.article_id, number)
        revision = _next_revision(article, tuple(known))
        prepared = settled(prepared, self.index.furniture, self.prepare_again)
        stories = self.stories(Act("", f"arrival of {article.article_id}"))
        self._repair(stories).due(limit=self.looks)
        if not known:
            return self._add_new(prepared, revision, stories)
        last = self._stored(article.article_id)
        return self._add_revision(prepared, revision, last, stories=stories)

    def _kill(self, article: Article) -> ArticleWithdrawn:
        """Withdraw an article at the word of its source."""
        act = Act(article.source or "source", signals.reason(article))
        return gone(withdraw(Overrides(self.stories(), act), article.article_id))

    def repair(self, *, limit: int) -> int:
        """Do the second looks that are due, at most `limit`; returns how many."""
        return self._repair(self.stories()).due(limit=limit)

    def _repair(self, stories: Stories) -> Repair:
        looking = dataclasses.replace(stories, act=Act("", "second look"))
        return Repair(stories=looking, model=self.model, settings=self.settings)

    def stories(self, act: Act = ITSELF) -> Stories:
        """The stories of the collection, now, as somebody changes them."""
        return Stories(
            collection=self.collection,
            transaction=self.transaction,
            index=self.index,
            settings_digest=self.settings_digest,
            now=self.clock.now(),
            settings=self.settings,
            act=act,
        )

    def _replayed(self, article_id: str, revision: int) -> IngestResult:
        """The stored answer; an earlier revision is where its article is now."""
        made = self._stored(article_id, revision).assignment
        story_id = self._stored(article_id).assignment.story_id
        canonical = self.stories().canonical(story_id)
        made = dataclasses.replace(made, story_id=story_id)
        return IngestResult(article_id, made, canonical, replayed=True)

    def _add_new(self, prepared: Prepared, revision: int, stories: Stories) -> IngestResult:
        hits = self.transaction.band_hits(self.collection, prepared.band_keys)
        placing = place(
            prepared, self.index, band_hits=hits, model=self.model, settings=self.settings
        )
        sequence = self.transaction.last_sequence(self.collection) + 1
        article_id = prepared.article.article_id
        home = placing.story_id or new_story_id(self.collection, article_id, sequence)
        assignment = self._assignment(placing, article_id, revision, home, sequence)
        if not placing.story_id:
            stories.open(home, title=prepared.headline, founder=article_id)
        self._record(prepared, assignment, stories, placing=placing)
        came, joined = arrived(assignment), [("article.story_id", "", home)]
        if not placing.story_id:
            came, joined = [*came, *joined], []
        said = _said(prepared.article)
        stories.tell(EventKind.ARTICLE_INGESTED, home, article_id, said, changes=came)
        if joined:
            stories.tell(EventKind.MEMBER_ADDED, home, article_id, changes=joined)
        around = Surroundings(stories, self.model, self.settings)
        home = around.merge_near(home, placing.scored, cause=article_id)
        near = placing.near[: self.settings.guards.second_look_near]
        around.look_again(home, near, cause=article_id)
        canonical = stories.refresh(home, cause=article_id)
        placed = self.index.entry(article_id).story_id
        if placed != home:  # its whole reprint group left in the second look
            canonical = stories.canonical(placed)
        if placed != assignment.story_id:
            assignment = self._stored(article_id).assignment
        return IngestResult(article_id, assignment, canonical)

    def _stored(self, article_id: str, revision: int = 0) -> StoredArticle:
        """A revision that must be there (0: the latest)."""
        stored = self.transaction.article(self.collection, article_id, revision=revision)
        if stored is None:
            raise StoreCorrupt(f"article {article_id!r} revision {revision} is not where it was")
        return stored

    def _assignment(
        self, placing: Placing, article_id: str, revision: int, story_id: str, sequence: int
    ) -> Assignment:
        return Assignment(
            article_id=article_id,
            revision=revision,
            story_id=story_id,
            relation=placing.relation,
            confidence=placing.confidence,
            sequence=sequence,
            copy_of=placing.copy_of,
            reprint_group=placing.reprint_group,
            evidence=placing.evidence,
            runners_up=placing.runners_up,
            settings_digest=self.settings_digest,
            encoder_id=self.encoder_id,
            model=self.model.name,
        )

    def _record(
        self,
        prepared: Prepared,
        assignment: Assignment,
        stories: Stories,
        *,
        placing: Placing | None = None,
        latest: bool = True,
    ) -> None:
        article = dataclasses.replace(prepared.article, revision=assignment.revision)
        features = _counted(prepared.features, assignment)
        stored = StoredArticle(
            article=article,
            digest=prepared.digest,
            sequence=assignment.sequence,
            ingest_time=stories.now,
            assignment=assignment,
            publish_provenance=prepared.publish_provenance,
            latest=latest,
        )
        self.transaction.add_article(
            self.collection, stored, features, band_keys=prepared.band_keys
        )
        if latest:
            row = IndexRow(
                sequence=assignment.sequence,
                article_id=article.article_id,
                revision=article.revision,
                digest=prepared.digest,
                story_id=assignment.story_id,
                reprint_group=assignment.reprint_group,
                source=article.source,
                publish_time=article.publish_time,
                publish_precision=article.publish_precision,
                ingest_time=stories.now,
                features=features,
            )
            self.index.add(row, known=placing.profile if placing else None)

    # -- another revision of a known article ----------------------------------------------------

    def _add_revision(
        self, prepared: Prepared, revision: int, last: StoredArticle, *, stories: Stories
    ) -> IngestResult:
        """Store a revision; one older than the latest changes nothing else."""
        latest = revision > last.article.revision
        told = {"revision": str(revision), "edit": self._edit(prepared, last)}
        assignment = dataclasses.replace(
            last.assignment,
            revision=revision,
            relation=Relation.REVISION,
            sequence=self.transaction.last_sequence(self.collection) + 1,
            previous_story_id="",
            evidence=(),
            runners_up=(),
            settings_digest=self.settings_digest,
            encoder_id=self.encoder_id,
            model="",
        )
        self._record(prepared, assignment, stories, latest=latest)
        told |= _said(prepared.article)
        newest = revision if latest else last.article.revision
        stories.tell(
            EventKind.ARTICLE_REVISED,
            assignment.story_id,
            assignment.article_id,
            told,
            changes=[("article.revision", str(last.article.revision), str(newest))],
        )
        if latest:
            canonical = stories.refresh(assignment.story_id, cause=assignment.article_id)
        else:
            canonical = stories.canonical(assignment.story_id)
        return IngestResult(assignment.article_id, assignment, canonical)

    def _edit(self, prepared: Prepared, last: StoredArticle) -> str:
        """What kind of edit a revision is: "minor" where no word of text or headline changed,
        "silent" where its source does not say that it is one, else "stated"."""
        before = self.index.entry(last.article.article_id).shingles
        same_text = np.array_equal(prepared.features.shingles, before)
        if same_text and normalise(prepared.article.title) == normalise(last.article.title):
            return "minor"
        stated = prepared.article.revision or signals.signals(prepared.article)
        return "stated" if stated else "silent"


def _said(article: Article) -> dict[str, str]:
    """What a wire says of an article, for an event."""
    found = signals.signals(article)
    return {"signals": ",".join(found)} if found else {}


def _counted(features: Features, assignment: Assignment) -> Features:
    """The features as they are stored. Copies and revisions are not counted for the furniture of
    their source: what recurs in them is the article."""
    revised = assignment.relation is Relation.REVISION
    if revised or assignment.reprint_group != assignment.article_id:
        return dataclasses.replace(features, lines=features.lines[:0])
    return dataclasses.replace(features, home=term_id(assignment.story_id))


def _next_revision(article: Article, known: Sequence[int]) -> int:
    """The revision number to store under, given the `known` ones, ascending.

    Conflict where the given one holds another text, or no number is left.
    """
    if article.revision and article.revision not in known:
        return article.revision
    if not article.revision and (not known or known[-1] < LAST_REVISION):
        return known[-1] + 1 if known else 1
    number = article.revision or LAST_REVISION
    raise Conflict(
        f"revision {number} of article {article.article_id!r} is stored with another text",
        field="revision",
        name=article.article_id,
    )
