"""How do articles and the decisions about them become messages, and back?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.message import Message

from storycluster.domain import (
    Article,
    Assignment,
    Evidence,
    Match,
    Provenance,
    Relation,
    RunnerUp,
    StoredArticle,
    TimePrecision,
)
from storycluster.errors import InvalidInput
from storycluster.v1 import resources_pb2 as pb
from storycluster.v1 import story_service_pb2 as story_pb
from storycluster.wire.scalars import (
    EnumTable,
    optional_time,
    required_time,
    sendable,
    time_to_message,
    unrecognized,
)

# A precision of a newer client is read as UNKNOWN, which the noun has and a store can hold.
PRECISIONS = EnumTable(
    TimePrecision, pb.TimePrecision.Value, prefix="TIME_PRECISION_", unknown=TimePrecision.UNKNOWN
)
PROVENANCES = EnumTable(
    Provenance, pb.Provenance.Value, prefix="PROVENANCE_", aliases={0: Provenance.GIVEN}
)
RELATIONS = EnumTable(Relation, pb.Relation.Value, prefix="RELATION_")

# relation -> (oneof case, its message); Assignment and Match share the names, and no match is held
OUTCOMES: Mapping[Relation, tuple[str, type[Message]]] = {
    Relation.NEW_STORY: ("new_story", pb.NewStory),
    Relation.SAME_STORY: ("same_story", pb.SameStory),
    Relation.NEAR_COPY: ("near_copy", pb.NearCopy),
    Relation.EXACT_COPY: ("exact_copy", pb.ExactCopy),
    Relation.REVISION: ("new_revision", pb.NewRevision),
    Relation.HELD: ("held", pb.Held),
}
RELATION_OF_CASE = {case: relation for relation, (case, _) in OUTCOMES.items()}
COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


def precision_of(message: pb.Article | pb.Member | story_pb.FirstStated) -> TimePrecision:
    """The precision; a sender that gives a time and no precision means EXACT."""
    if message.publish_precision == pb.TIME_PRECISION_UNSPECIFIED:
        return TimePrecision.EXACT if message.HasField("publish_time") else TimePrecision.UNKNOWN
    return PRECISIONS.member(message.publish_precision)


def mapping_of(entries: Mapping[str, str]) -> Mapping[str, str]:
    """A copy, apart from the message."""
    return dict(entries)


@sendable("article")
def article_to_message(article: Article, *, path: str = "article") -> pb.Article:  # noqa: ARG001 - `sendable` reads it
    """`path` begins the field path of an error (`articles[3]`)."""
    message = pb.Article(
        article_id=article.article_id,
        revision=article.revision,
        title=article.title,
        text=article.text,
        source=article.source,
        url=article.url,
        language=article.language,
        authors=article.authors,
        credit=article.credit,
        publish_precision=PRECISIONS.number(article.publish_precision),
        extras=article.extras,
    )
    if article.publish_time is not None:
        message.publish_time.CopyFrom(time_to_message(article.publish_time))
    if article.embargo_time is not None:
        message.embargo_time.CopyFrom(time_to_message(article.embargo_time))
    return message


def article_from_message(message: pb.Article, *, path: str = "article") -> Article:
    """InvalidInput at `<path>.publish_time` or `.embargo_time` for a time outside the years 1 to
    9999."""
    return Article(
        article_id=message.article_id,
        title=message.title,
        text=message.text,
        revision=message.revision,
        source=message.source,
        url=message.url,
        language=message.language,
        authors=tuple(message.authors),
        credit=message.credit,
        publish_time=optional_time(message, "publish_time", path=path),
        publish_precision=precision_of(message),
        extras=mapping_of(message.extras),
        embargo_time=optional_time(message, "embargo_time", path=path),
    )


def articles_from_messages(
    messages: Iterable[pb.Article], *, path: str = "articles"
) -> list[Article | InvalidInput]:
    """One entry for each message, in order: an unreadable article does not fail the others."""
    read: list[Article | InvalidInput] = []
    for place, message in enumerate(messages):
        try:
            read.append(article_from_message(message, path=f"{path}[{place}]"))
        except InvalidInput as error:
            read.append(error)
    return read


def evidence_to_message(evidence: Evidence) -> pb.Evidence:
    """Field by field."""
    return pb.Evidence(
        kind=evidence.kind,
        value=evidence.value,
        threshold=evidence.threshold,
        passed=evidence.passed,
        article_id=evidence.article_id,
        weight=evidence.weight,
    )


def evidence_from_message(message: pb.Evidence) -> Evidence:
    """Field by field."""
    return Evidence(
        kind=message.kind,
        value=message.value,
        threshold=message.threshold,
        passed=message.passed,
        article_id=message.article_id,
        weight=message.weight,
    )


def _runner_up_to_message(runner: RunnerUp) -> pb.RunnerUp:
    return pb.RunnerUp(
        story_id=runner.story_id,
        score=runner.score,
        reason=runner.reason,
        evidence=[evidence_to_message(one) for one in runner.evidence],
    )


def _runner_up_from_message(message: pb.RunnerUp) -> RunnerUp:
    return RunnerUp(
        story_id=message.story_id,
        score=message.score,
        reason=message.reason,
        evidence=tuple(evidence_from_message(one) for one in message.evidence),
    )


def _outcome_to_fields(relation: Relation, *, copy_of: str) -> dict[str, Message]:
    """The one oneof case to set, by name; none for a relation this version does not know."""
    if relation not in OUTCOMES:
        return {}
    case, kind = OUTCOMES[relation]
    fields: dict[str, Any] = {"copy_of_article_id": copy_of} if relation in COPIES else {}
    return {case: kind(**fields)}


def _outcome_from_message(message: pb.Assignment | pb.Match) -> tuple[Relation, str]:
    """(relation, copy_of)."""
    case: str | None = message.WhichOneof("outcome")
    if case is None:
        return unrecognized(Relation, 0), ""
    relation = RELATION_OF_CASE[case]  # a case of a newer peer is an unknown field, so None above
    copy_of = getattr(message, case).copy_of_article_id if relation in COPIES else ""
    return relation, copy_of


@sendable("assignment")
def assignment_to_message(assignment: Assignment) -> pb.Assignment:
    """`copy_of` travels with the relations near_copy and exact_copy only."""
    outcome: dict[str, Any] = dict(
        _outcome_to_fields(assignment.relation, copy_of=assignment.copy_of)
    )
    return pb.Assignment(
        article_id=assignment.article_id,
        revision=assignment.revision,
        story_id=assignment.story_id,
        confidence=assignment.confidence,
        sequence=assignment.sequence,
        reprint_group=assignment.reprint_group,
        previous_story_id=assignment.previous_story_id,
        evidence=[evidence_to_message(one) for one in assignment.evidence],
        runners_up=[_runner_up_to_message(one) for one in assignment.runners_up],
        settings_digest=assignment.settings_digest,
        encoder_id=assignment.encoder_id,
        model=assignment.model,
        **outcome,
    )


def assignment_from_message(message: pb.Assignment) -> Assignment:
    """An outcome this version does not know reads as the relation `unrecognized_0`."""
    relation, copy_of = _outcome_from_message(message)
    return Assignment(
        article_id=message.article_id,
        revision=message.revision,
        story_id=message.story_id,
        relation=relation,
        confidence=message.confidence,
        sequence=message.sequence,
        copy_of=copy_of,
        reprint_group=message.reprint_group,
        previous_story_id=message.previous_story_id,
        evidence=tuple(evidence_from_message(one) for one in message.evidence),
        runners_up=tuple(_runner_up_from_message(one) for one in message.runners_up),
        settings_digest=message.settings_digest,
        encoder_id=message.encoder_id,
        model=message.model,
    )


@sendable("match")
def match_to_message(match: Match) -> pb.Match:
    """`copy_of` travels with the relations near_copy and exact_copy only."""
    outcome: dict[str, Any] = dict(_outcome_to_fields(match.relation, copy_of=match.copy_of))
    return pb.Match(
        article_id=match.article_id,
        story_id=match.story_id,
        confidence=match.confidence,
        evidence=[evidence_to_message(one) for one in match.evidence],
        runners_up=[_runner_up_to_message(one) for one in match.runners_up],
        **outcome,
    )


def match_from_message(message: pb.Match) -> Match:
    """An outcome this version does not know reads as the relation `unrecognized_0`."""
    relation, copy_of = _outcome_from_message(message)
    return Match(
        article_id=message.article_id,
        story_id=message.story_id,
        relation=relation,
        confidence=message.confidence,
        copy_of=copy_of,
        evidence=tuple(evidence_from_message(one) for one in message.evidence),
        runners_up=tuple(_runner_up_from_message(one) for one in message.runners_up),
    )


@sendable("stored_article")
def stored_article_to_message(stored: StoredArticle) -> pb.StoredArticle:
    """With the whole text."""
    message = pb.StoredArticle(
        article=article_to_message(stored.article),
        digest=stored.digest,
        sequence=stored.sequence,
        ingest_time=time_to_message(stored.ingest_time),
        assignment=assignment_to_message(stored.assignment),
        publish_provenance=PROVENANCES.number(stored.publish_provenance),
        latest=stored.latest,
    )
    if stored.held_until is not None:
        message.held_until.CopyFrom(time_to_message(stored.held_until))
    return message


def stored_article_from_message(
    message: pb.StoredArticle, *, path: str = "stored_article"
) -> StoredArticle:
    """InvalidInput for a time outside the years 1 to 9999."""
    return StoredArticle(
        article=article_from_message(message.article, path=f"{path}.article"),
        digest=message.digest,
        sequence=message.sequence,
        ingest_time=required_time(message, "ingest_time", path=path),
        assignment=assignment_from_message(message.assignment),
        publish_provenance=PROVENANCES.member(message.publish_provenance),
        latest=message.latest,
        held_until=optional_time(message, "held_until", path=path),
    )
