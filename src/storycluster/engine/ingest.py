"""How does a prepared article become part of a collection?

Stage 2 of ingest, on the writer's thread inside one transaction: a known digest returns the stored
answer; another text under a known id is a revision; everything else is placed, recorded with its
evidence, and its story's canonical chosen anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from storycluster import signals
from storycluster.decision import Model
from storycluster.domain import (
    PUBLIC,
    Act,
    Article,
    Assignment,
    EventKind,
    HeldArticle,
    IngestResult,
    Relation,
    Rights,
    StoredArticle,
)
from storycluster.engine.embargo import Embargo, is_embargoed, lifted, next_revision
from storycluster.engine.holding import Holding
from storycluster.engine.index import CollectionIndex
from storycluster.engine.overrides import Overrides
from storycluster.engine.placing import Placing, place
from storycluster.engine.prepare import PrepareAgain, Prepared, settled
from storycluster.engine.reading import gone, refuse_withdrawn
from storycluster.engine.repair import Repair
from storycluster.engine.stories import ITSELF, Stories
from storycluster.engine.story_rows import arrived, new_story_id
from storycluster.engine.surroundings import Surroundings
from storycluster.engine.withdrawing import withdraw
from storycluster.errors import ArticleWithdrawn, StoreCorrupt, StoreError, StoryClusterError
from storycluster.features import Features, term_id
from storycluster.learned_furniture import outlet_of
from storycluster.ports import Clock, IndexRow, Transaction
from storycluster.settings import Settings
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

    def add(self, prepared: Prepared, rights: Rights = PUBLIC) -> Outcome:
        """Place one article, or hold it until its embargo ends; where its source kills it, withdraw
        it and say so.

        Raises Conflict for a revision number that holds another text, ArticleWithdrawn for an
        article that is gone already, NotFound where one is canceled that never came.
        """
        article = prepared.article
        refuse_withdrawn(self.transaction, self.collection, article.article_id)
        holding = Holding(self.stories())
        holding.refuse_gone(article.article_id, rights)
        known = self.transaction.digests(self.collection, article.article_id)
        told_anew = bool(known) and prepared.digest not in known.values()
        if signals.killed(article):
            left = holding.kill(article.article_id, self._source_kills(article))
            if left is not None and rights.embargo and not known:
                return gone(left)
        if signals.canceled(article) or (told_anew and signals.killed(article)):
            return self._kill(article)
        new_text = prepared.digest not in known.values()
        embargoed = is_embargoed(article, holding.stories.now)
        if new_text and embargoed:
            prepared = settled(prepared, self.index.furniture, self.prepare_again)
            return Embargo(holding, self.model, self.encoder_id).hold(prepared, known, rights)
        if new_text and rights.embargo:
            self._lift(prepared, known)
        done = self._publish(prepared)
        if not done.replayed:
            holding.made_public(article, prepared.digest)
        return done

    def _publish(self, prepared: Prepared, promised: str = "") -> IngestResult:
        """Make an article part of the collection that everybody sees. `promised` is the id of the
        story that it begins, if it begins one."""
        article = prepared.article
        known = self.transaction.digests(self.collection, article.article_id)
        for number, digest in known.items():
            if digest == prepared.digest and article.revision in (0, number):
                return self._replayed(article.article_id, number)
        revision = next_revision(article, tuple(known))
        prepared = settled(prepared, self.index.furniture, self.prepare_again)
        stories = self.stories(Act("", f"arrival of {article.article_id}"))
        self._repair(stories).due(limit=self.looks)
        if not known:
            return self._add_new(prepared, revision, stories, promised=promised)
        last = self._stored(article.article_id)
        return self._add_revision(prepared, revision, last, stories=stories)

    def _kill(self, article: Article) -> ArticleWithdrawn:
        """Withdraw an article at the word of its source."""
        act = self._source_kills(article)
        return gone(withdraw(Overrides(self.stories(), act), article.article_id))

    def _source_kills(self, article: Article) -> Act:
        return Act(article.source or "source", signals.reason(article))

    # -- embargo ----------------------------------------------------------------------------------

    def _lift(self, prepared: Prepared, known: Mapping[int, str]) -> None:
        """Release all that is held of an article, in order of arrival, before a revision that is
        not. Raises Conflict where its number is taken."""
        article = prepared.article
        rows = [one for one in Holding(self.stories()).of(article.article_id) if one.waiting]
        numbers = {**known, **{one.assignment.revision: one.digest for one in rows}}
        same = {number for number, digest in numbers.items() if digest == prepared.digest}
        if not same or article.revision not in {0, *same}:
            next_revision(article, sorted(numbers))
        for one in rows:
            self.release(one)

    def release(self, one: HeldArticle) -> None:
        """Let something held arrive. Where it cannot, hold it with the reason."""
        holding = Holding(self.stories())
        known = self.index.furniture.learned(outlet_of(one.article.source, one.article.url))
        promised = one.assignment.story_id
        try:
            refuse_withdrawn(self.transaction, self.collection, one.article.article_id)
            article = lifted(one, self.clock.now())
            done = self._publish(self.prepare_again(article, known), promised)
        except StoryClusterError as error:
            if isinstance(error, StoreError):
                raise
            holding.put(one, stopped=error.message)
            return
        holding.drop(one)
        holding.overtake(one)
        act = Act("", f"arrival of {one.article.article_id}")
        stories, home = self.stories(act), done.assignment.story_id
        if self.transaction.story(self.collection, promised) is None:
            stories.redirect_promised(promised, home, cause=one.article.article_id)
        detail = {"revision": str(done.assignment.revision)}
        if promised != home:
            detail["promised_story_id"] = promised
        stories.tell(EventKind.EMBARGO_RELEASED, home, one.article.article_id, detail)

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

    def _add_new(
        self, prepared: Prepared, revision: int, stories: Stories, *, promised: str = ""
    ) -> IngestResult:
        hits = self.transaction.band_hits(self.collection, prepared.band_keys)
        placing = place(
            prepared, self.index, band_hits=hits, model=self.model, settings=self.settings
        )
        sequence = self.transaction.last_sequence(self.collection) + 1
        article_id = prepared.article.article_id
        home = placing.story_id or self._new_id(article_id, sequence, promised)
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

    def _new_id(self, article_id: str, sequence: int, promised: str) -> str:
        """The id of a new story: the promised one, unless that is taken."""
        if promised and self.transaction.story(self.collection, promised) is None:
            return promised
        return new_story_id(self.collection, article_id, sequence)

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
