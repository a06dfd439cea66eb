"""How do differences and comparisons become messages, and back?"""

from __future__ import annotations

from storycluster.domain import (
    Aligned,
    Comparison,
    Difference,
    DifferenceType,
    Span,
    WordEdit,
)
from storycluster.v1 import resources_pb2 as pb
from storycluster.wire.scalars import EnumTable, sendable

TYPES = EnumTable(DifferenceType, pb.DifferenceType.Value, prefix="DIFFERENCE_TYPE_")


def span_to_message(span: Span) -> pb.Span:
    """Field by field."""
    return pb.Span(field=span.field, start=span.start, end=span.end, text=span.text)


def span_from_message(message: pb.Span) -> Span:
    """Field by field."""
    return Span(field=message.field, start=message.start, end=message.end, text=message.text)


@sendable("difference")
def difference_to_message(difference: Difference) -> pb.Difference:
    """A side that is None is absent."""
    message = pb.Difference(
        type=TYPES.number(difference.type),
        base_value=difference.base_value,
        other_value=difference.other_value,
        importance=difference.importance,
        confidence=difference.confidence,
        conflict=difference.conflict,
        edits=[
            pb.WordEdit(
                base_start=edit.base_start,
                base_end=edit.base_end,
                other_start=edit.other_start,
                other_end=edit.other_end,
            )
            for edit in difference.edits
        ],
    )
    if difference.base is not None:
        message.base.CopyFrom(span_to_message(difference.base))
    if difference.other is not None:
        message.other.CopyFrom(span_to_message(difference.other))
    return message


def difference_from_message(message: pb.Difference) -> Difference:
    """A type this version does not know reads as `unrecognized_<number>`."""
    return Difference(
        type=TYPES.member(message.type),
        base=span_from_message(message.base) if message.HasField("base") else None,
        other=span_from_message(message.other) if message.HasField("other") else None,
        base_value=message.base_value,
        other_value=message.other_value,
        importance=message.importance,
        confidence=message.confidence,
        conflict=message.conflict,
        edits=tuple(
            WordEdit(edit.base_start, edit.base_end, edit.other_start, edit.other_end)
            for edit in message.edits
        ),
    )


def _aligned_to_message(aligned: Aligned) -> pb.Aligned:
    return pb.Aligned(
        base=span_to_message(aligned.base),
        other=span_to_message(aligned.other),
        similarity=aligned.similarity,
    )


def _aligned_from_message(message: pb.Aligned) -> Aligned:
    return Aligned(
        base=span_from_message(message.base),
        other=span_from_message(message.other),
        similarity=message.similarity,
    )


@sendable("comparison")
def comparison_to_message(comparison: Comparison) -> pb.Comparison:
    """Every list keeps its order."""
    return pb.Comparison(
        base_article_id=comparison.base_article_id,
        other_article_id=comparison.other_article_id,
        base_revision=comparison.base_revision,
        other_revision=comparison.other_revision,
        differences=[difference_to_message(one) for one in comparison.differences],
        aligned=[_aligned_to_message(one) for one in comparison.aligned],
        base_furniture=[span_to_message(one) for one in comparison.base_furniture],
        other_furniture=[span_to_message(one) for one in comparison.other_furniture],
        not_compared=comparison.not_compared,
    )


def comparison_from_message(message: pb.Comparison) -> Comparison:
    """Every list keeps its order."""
    return Comparison(
        base_article_id=message.base_article_id,
        other_article_id=message.other_article_id,
        differences=tuple(difference_from_message(one) for one in message.differences),
        aligned=tuple(_aligned_from_message(one) for one in message.aligned),
        base_furniture=tuple(span_from_message(one) for one in message.base_furniture),
        other_furniture=tuple(span_from_message(one) for one in message.other_furniture),
        base_revision=message.base_revision,
        other_revision=message.other_revision,
        not_compared=message.not_compared,
    )
