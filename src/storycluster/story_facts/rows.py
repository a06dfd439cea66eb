"""Which facts does a story have, and which article states each, how?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storycluster.domain import Difference, DifferenceType, Span
from storycluster.facts import DateMention, Quantity
from storycluster.grid import Fact, FactCell, FactKind
from storycluster.story_facts.mentions import HEADLINE, Mention, Told, plain, with_noun
from storycluster.story_facts.ties import bucket, may_share_row, same_value, tie

_NOWHERE = 1 << 60
_ROW_OF = {
    DifferenceType.NUMBER_CHANGED: FactKind.NUMBER,
    DifferenceType.DATE_CHANGED: FactKind.DATE,
    DifferenceType.QUOTE_CHANGED: FactKind.QUOTE,
    DifferenceType.NAME_CHANGED: FactKind.NAME,
    DifferenceType.ATTRIBUTION_CHANGED: FactKind.SOURCE,
}


@dataclass(slots=True, eq=False)
class _Row:
    """Mentions of one fact; those of `conflicts` cannot hold beside the canonical's."""

    mentions: list[Mention]
    conflicts: set[Mention] = field(default_factory=set)

    def has(self, report: int) -> bool:
        return any(one.report == report for one in self.mentions)


def rows(told: Sequence[Told]) -> list[Fact]:
    """The fact grid: facts in conflict first, then by number of cells, then by place in the
    canonical (the first of `told`), then by arrival and place."""
    found = _grouped(told)
    for number, one in enumerate(told):
        comparison = one.report.comparison
        for difference in comparison.differences if comparison else ():
            _join(found, difference, number)
    kept = [row for row in found if _is_kept(row, told)]
    kept += [row for row in _statements(told) if not any(_tells(one, row) for one in kept)]
    kept.sort(key=_order)
    return [_fact(row, told) for row in kept]


def _grouped(told: Sequence[Told]) -> list[_Row]:
    """Mentions that are tied, each row with one value. Equal values are tied before those that can
    both hold, so that "at least 12" does not take the place of 12."""
    found: list[_Row] = []
    beside: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for one in told:
        left = list(one.mentions)
        for exact in (True, False):
            left = [m for m in left if not _placed(m, beside[bucket(m)], exact=exact)]
        for mention in left:
            if not _placed(mention, beside[bucket(mention)], exact=True):
                row = _Row([mention])
                beside[bucket(mention)].append(row)
                found.append(row)
    return found


def _placed(mention: Mention, among: Iterable[_Row], *, exact: bool) -> bool:
    """Add a mention to the row it is tied to most, the first of equals; whether there is one."""
    best, strongest = None, 0
    for row in among:
        strength = max(tie(mention, other, exact=exact) for other in row.mentions)
        if strength > strongest and all(may_share_row(mention, one) for one in row.mentions):
            best, strongest = row, strength
    if best is not None:
        best.mentions.append(mention)
    return best is not None


def _join(found: list[_Row], difference: Difference, report: int) -> None:
    """Put what a difference says of one fact into the canonical's row of it."""
    if difference.base is None or difference.other is None:
        return
    kind = _ROW_OF.get(difference.type)
    base: tuple[_Row, Mention] | None = None
    other: tuple[_Row, Mention] | None = None
    if kind is not None:
        base = _stating(found, 0, kind, difference.base, difference.base_value)
        other = _stating(found, report, kind, difference.other, difference.other_value)
    elif difference.type is DifferenceType.HEADLINE_CHANGED and difference.conflict:
        base = _of_headline(found, 0, difference.base_value)
        other = _of_headline(found, report, difference.other_value)
    if base is None or other is None:
        return
    (row, _), (its, mention) = base, other
    if its is not row:
        if its.has(0):
            row.mentions.append(mention)
        else:
            row.mentions += its.mentions
            found.remove(its)
    if difference.conflict:
        row.conflicts.add(mention)


def _stating(
    found: list[_Row], report: int, kind: FactKind, span: Span, value: str
) -> tuple[_Row, Mention]:
    """The row and mention that stand at a span; new ones where nothing was read there."""
    for row in found:
        for one in row.mentions:
            if one.report == report and one.kind is kind and one.span == span:
                return row, one
    mention = Mention(report, kind, span, value or plain(span.text))
    found.append(_Row([mention]))
    return found[-1], mention


def _of_headline(found: list[_Row], report: int, value: str) -> tuple[_Row, Mention] | None:
    for row in found:
        for one in row.mentions:
            if one.report == report and HEADLINE in one.places and one.value == value:
                return row, one
    return None


def _is_kept(row: _Row, told: Sequence[Told]) -> bool:
    """Whether several state it, or it is a number or quote of the canonical, or a fact that the
    canonical lacks."""
    first = row.mentions[0]
    if any(one.report != first.report for one in row.mentions):
        return True
    if first.report == 0:
        return first.kind in (FactKind.NUMBER, FactKind.QUOTE)
    if isinstance(first.stated, DateMention) and first.stated.kind != "day":
        return False
    return not any(is_stated(one, told[0]) for one in row.mentions)


def is_stated(mention: Mention, by: Told) -> bool:
    """Whether an article states the same value anywhere: for counts, of what may be the same."""
    return any(same_value(mention, one) and _may_be_one_thing(mention, one) for one in by.mentions)


def _may_be_one_thing(one: Mention, two: Mention) -> bool:
    a, b = one.stated, two.stated
    if not isinstance(a, Quantity) or not isinstance(b, Quantity) or a.kind != "cardinal":
        return True
    return not (a.noun and b.noun) or a.noun == b.noun


def _statements(told: Sequence[Told]) -> list[_Row]:
    """The sentences of the canonical that others say too."""
    found = []
    links: dict[int, list[Mention]] = defaultdict(list)
    for number, one in enumerate(told):
        for pair in one.report.comparison.aligned if one.report.comparison else ():
            mention = Mention(number, FactKind.STATEMENT, pair.other, plain(pair.other.text))
            links[pair.base.start].append(mention)
    for i, sentence in enumerate(told[0].side.sentences if told else ()):
        if sentence.start in links:
            span = told[0].side.sentence_span(i)
            mine = Mention(0, FactKind.STATEMENT, span, plain(span.text))
            found.append(_Row([mine, *links[sentence.start]]))
    return found


def _tells(row: _Row, statement: _Row) -> bool:
    """Whether a row says of all who make a statement that they state what it is about."""
    whole = statement.mentions[0].span
    inside = any(
        one.report == 0 and HEADLINE not in one.places and whole.start <= one.span.start < whole.end
        for one in row.mentions
    )
    return inside and all(row.has(one.report) for one in statement.mentions)


def _order(row: _Row) -> tuple[bool, int, int, int, int]:
    first = min(row.mentions, key=lambda one: (one.report, one.start))
    place = first.start if first.report == 0 else _NOWHERE
    cells = len({one.report for one in row.mentions})
    return not row.conflicts, -cells, place, first.report, first.start


def _fact(row: _Row, told: Sequence[Told]) -> Fact:
    cells = [
        _cell(row, report, told[report]) for report in sorted({m.report for m in row.mentions})
    ]
    return Fact(row.mentions[0].kind, cells[0].value, tuple(cells), bool(row.conflicts))


def _cell(row: _Row, report: int, told: Told) -> FactCell:
    """What an article states: the mention in conflict, else the first in the text, else in the
    headline."""
    mention = min(
        (one for one in row.mentions if one.report == report),
        key=lambda one: (one not in row.conflicts, HEADLINE in one.places, one.span.start),
    )
    member = told.report.member
    return FactCell(
        member.article_id,
        member.source,
        with_noun(mention, told.report),
        mention.value,
        mention in row.conflicts,
    )
