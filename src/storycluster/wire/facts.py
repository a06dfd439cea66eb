"""How do the facts of a story become messages, and back?"""

from __future__ import annotations

from storycluster.grid import (
    Advisory,
    CopyChanges,
    Fact,
    FactCell,
    FactKind,
    FirstStated,
    ReprintGroup,
    StoryFacts,
)
from storycluster.v1 import story_service_pb2 as pb
from storycluster.wire.articles import PRECISIONS, precision_of
from storycluster.wire.differences import span_from_message, span_to_message
from storycluster.wire.scalars import EnumTable, optional_time, sendable, time_to_message

KINDS = EnumTable(FactKind, pb.FactKind.Value, prefix="FACT_KIND_")


@sendable("story_facts")
def story_facts_to_message(facts: StoryFacts) -> pb.StoryFacts:
    """Every list keeps its order."""
    return pb.StoryFacts(
        story_id=facts.story_id,
        canonical_article_id=facts.canonical_article_id,
        facts=[_fact_to_message(one) for one in facts.facts],
        timeline=[_first_to_message(one) for one in facts.timeline],
        advisories=[
            pb.Advisory(article_id=one.article_id, text=one.text, not_compared=one.not_compared)
            for one in facts.advisories
        ],
        reprint_groups=[_group_to_message(one) for one in facts.reprint_groups],
        groups_left_out=facts.groups_left_out,
        copies_left_out=facts.copies_left_out,
        facts_left_out=facts.facts_left_out,
        redirected_from=facts.redirected_from,
    )


def story_facts_from_message(message: pb.StoryFacts, *, path: str = "story_facts") -> StoryFacts:
    """InvalidInput for a time outside the years 1 to 9999. A kind this version does not know reads
    as `unrecognized_<number>`."""
    return StoryFacts(
        story_id=message.story_id,
        canonical_article_id=message.canonical_article_id,
        facts=tuple(map(_fact_from_message, message.facts)),
        timeline=tuple(
            _first_from_message(one, path=f"{path}.timeline[{place}]")
            for place, one in enumerate(message.timeline)
        ),
        advisories=tuple(
            Advisory(one.article_id, one.text, one.not_compared) for one in message.advisories
        ),
        reprint_groups=tuple(map(_group_from_message, message.reprint_groups)),
        groups_left_out=message.groups_left_out,
        copies_left_out=message.copies_left_out,
        facts_left_out=message.facts_left_out,
        redirected_from=message.redirected_from,
    )


def _fact_to_message(fact: Fact) -> pb.Fact:
    return pb.Fact(
        kind=KINDS.number(fact.kind),
        value=fact.value,
        cells=[
            pb.FactCell(
                article_id=one.article_id,
                source=one.source,
                span=span_to_message(one.span),
                value=one.value,
                conflict=one.conflict,
            )
            for one in fact.cells
        ],
        conflict=fact.conflict,
    )


def _fact_from_message(message: pb.Fact) -> Fact:
    return Fact(
        kind=KINDS.member(message.kind),
        value=message.value,
        cells=tuple(
            FactCell(
                one.article_id, one.source, span_from_message(one.span), one.value, one.conflict
            )
            for one in message.cells
        ),
        conflict=message.conflict,
    )


def _first_to_message(first: FirstStated) -> pb.FirstStated:
    message = pb.FirstStated(
        fact=first.fact,
        article_id=first.article_id,
        source=first.source,
        value=first.value,
        publish_precision=PRECISIONS.number(first.publish_precision),
    )
    if first.publish_time is not None:
        message.publish_time.CopyFrom(time_to_message(first.publish_time))
    return message


def _first_from_message(message: pb.FirstStated, *, path: str) -> FirstStated:
    return FirstStated(
        fact=message.fact,
        article_id=message.article_id,
        source=message.source,
        value=message.value,
        publish_time=optional_time(message, "publish_time", path=path),
        publish_precision=precision_of(message),
    )


def _group_to_message(group: ReprintGroup) -> pb.ReprintGroup:
    return pb.ReprintGroup(
        article_id=group.article_id,
        copies=[
            pb.CopyChanges(
                article_id=one.article_id,
                removed_count=one.removed,
                added_count=one.added,
                reworded_count=one.reworded,
                conflict_count=one.conflicts,
                not_compared=one.not_compared,
            )
            for one in group.copies
        ],
    )


def _group_from_message(message: pb.ReprintGroup) -> ReprintGroup:
    return ReprintGroup(
        article_id=message.article_id,
        copies=tuple(
            CopyChanges(
                article_id=one.article_id,
                removed=one.removed_count,
                added=one.added_count,
                reworded=one.reworded_count,
                conflicts=one.conflict_count,
                not_compared=one.not_compared,
            )
            for one in message.copies
        ),
    )
