"""Which article is held until its minute, where would it be, and what is its sender told?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storycluster.decision import Model
from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    HeldArticle,
    IngestResult,
    Relation,
    Rights,
)
from storycluster.engine import previewing
from storycluster.engine.holding import Holding
from storycluster.engine.placing import Placing, place
from storycluster.engine.prepare import Prepared
from storycluster.engine.siblings import Sibling, beside
from storycluster.engine.stories import Stories
from storycluster.engine.story_rows import new_story_id
from storycluster.errors import Conflict
from storycluster.features import UInt32
from storycluster.measures import Profile
from storycluster.settings import LAST_REVISION

_HOLDER = "held"


def is_embargoed(article: Article, now: datetime) -> bool:
    """Whether the article may not be seen yet."""
    return article.embargo_time is not None and article.embargo_time > now


def lifted(one: HeldArticle, now: datetime) -> Article:
    """The article as everybody sees it: its embargo is over, also where a newer word brought its
    time forward. So no public article has an embargo that lies ahead."""
    return dataclasses.replace(one.article, embargo_time=min(one.release_time, now))


@dataclass(frozen=True, slots=True, eq=False)
class Embargo:
    """What is held in one collection at one moment (`stories.now`), within one transaction."""

    holding: Holding
    model: Model
    encoder_id: str

    @property
    def stories(self) -> Stories:
        """The stories that everybody sees."""
        return self.holding.stories

    # -- arrivals ---------------------------------------------------------------------------------

    def hold(self, prepared: Prepared, known: Mapping[int, str], rights: Rights) -> IngestResult:
        """Hold an article whose embargo is to come; `known` are its public {revision: digest}.

        The same text again moves the time of that text. With the right, the newest word decides
        for all that is held of the article; without it nothing else is ever brought forward, and
        the answer tells nothing. Raises Conflict for a revision number that holds another text.
        """
        article, until = prepared.article, _until(prepared.article)
        rows = self.holding.of(article.article_id)
        again = [one for one in rows if one.digest == prepared.digest and not one.withdrawn]
        if any(one.withdrawn for one in rows):  # said by a desk: what comes after it does not count
            return self._kept_quiet(article, until)
        numbers = dict(known)
        if rights.embargo and not again:
            numbers |= {one.assignment.revision: one.digest for one in rows}
        revision = next_revision(article, sorted(numbers))
        for one in rows:
            last = until if rights.embargo or one in again else max(until, one.release_time)
            self.holding.put(one, release_time=last, stopped="" if one in again else one.stopped)
        if again:
            return self._answer(article, again[-1].assignment, until, rights, replayed=True)
        if not article.revision and rows:
            revision = max(revision, rows[-1].assignment.revision + 1)
        everything = self.stories.transaction.held(self.stories.collection)
        assignment = self._proposed(prepared, revision, rows, everything)
        new = HeldArticle(
            number=everything[-1].number + 1 if everything else 1,
            article=article,
            digest=prepared.digest,
            release_time=until,
            ingest_time=self.stories.now,
            assignment=assignment,
            publish_provenance=prepared.publish_provenance,
        )
        transaction, name = self.stories.transaction, self.stories.collection
        transaction.put_held(name, new, prepared.features)
        return self._answer(article, assignment, until, rights)

    # -- where it would be ------------------------------------------------------------------------

    def _proposed(
        self,
        prepared: Prepared,
        revision: int,
        rows: Sequence[HeldArticle],
        everything: Sequence[HeldArticle],
    ) -> Assignment:
        article_id = prepared.article.article_id
        transaction, name = self.stories.transaction, self.stories.collection
        public = transaction.article(name, article_id)
        if public is not None:
            return self._revised(public.assignment, revision)
        if rows:
            return self._revised(rows[-1].assignment, revision)
        hits = transaction.band_hits(name, prepared.band_keys)
        settings, index = self.stories.settings, self.stories.index
        placing = place(prepared, index, band_hits=hits, model=self.model, settings=settings)
        others = self._siblings(article_id, everything)
        placing = beside(prepared, placing, others, model=self.model, settings=settings)
        sequence = transaction.last_sequence(name) + 1
        home = placing.story_id or new_story_id(name, f"{article_id}\x00{_HOLDER}", sequence)
        return self.assignment(placing, article_id, revision, home)

    def _siblings(self, article_id: str, everything: Sequence[HeldArticle]) -> list[Sibling]:
        """The latest revisions of the other articles that are held and would begin a story. Each is
        weighed once, as what is public is."""
        transaction, name = self.stories.transaction, self.stories.collection
        before, kept = self.stories.index.held, {}
        found: dict[str, Sibling] = {}
        for one in everything:
            if one.withdrawn is not None:
                continue
            known = before.get(one.digest) or self._weighed(one)
            if known is None:
                continue
            kept[one.digest] = known
            other = one.article.article_id != article_id
            if other and transaction.story(name, one.assignment.story_id) is None:
                found[one.article.article_id] = Sibling(one, *known)
        self.stories.index.held = kept
        return list(found.values())

    def _weighed(self, one: HeldArticle) -> tuple[UInt32, Profile] | None:
        """Shingles and profile; None for a withdrawn article."""
        transaction, name = self.stories.transaction, self.stories.collection
        known = transaction.held_features(name, one.number)
        if known is None:
            return None
        return known.shingles, self.stories.index.profile(known, one.article.publish_time)

    def assignment(
        self, placing: Placing, article_id: str, revision: int, story_id: str
    ) -> Assignment:
        """The proposal; its sequence is 0, since it has none yet."""
        return Assignment(
            article_id=article_id,
            revision=revision,
            story_id=story_id,
            relation=placing.relation,
            confidence=placing.confidence,
            sequence=0,
            copy_of=placing.copy_of,
            reprint_group=placing.reprint_group,
            evidence=placing.evidence,
            runners_up=placing.runners_up,
            settings_digest=self.stories.settings_digest,
            encoder_id=self.encoder_id,
            model=self.model.name,
        )

    def _revised(self, last: Assignment, revision: int) -> Assignment:
        return dataclasses.replace(
            last,
            revision=revision,
            relation=Relation.REVISION,
            sequence=0,
            previous_story_id="",
            evidence=(),
            runners_up=(),
            settings_digest=self.stories.settings_digest,
            encoder_id=self.encoder_id,
            model="",
        )

    # -- what is told -----------------------------------------------------------------------------

    def _answer(
        self,
        article: Article,
        made: Assignment,
        until: datetime,
        rights: Rights,
        *,
        replayed: bool = False,
    ) -> IngestResult:
        if not rights.embargo:
            return self._kept_quiet(article, until)
        transaction, name = self.stories.transaction, self.stories.collection
        story = previewing.story(transaction, name, made.story_id)
        canonical = story.canonical or Canonical(article.article_id, "", "")
        return IngestResult(
            article.article_id, made, canonical, replayed=replayed, held_until=until
        )

    def _kept_quiet(self, article: Article, until: datetime) -> IngestResult:
        """What a caller without the right hears: nothing that he did not say."""
        made = Assignment(article.article_id, article.revision, "", Relation.HELD, 0.0, 0)
        nobody = Canonical("", "", "")
        return IngestResult(article.article_id, made, nobody, held_until=until)


def next_revision(article: Article, known: Sequence[int]) -> int:
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


def _until(article: Article) -> datetime:
    assert article.embargo_time is not None  # asked for an embargoed one alone
    return article.embargo_time.astimezone(UTC)
