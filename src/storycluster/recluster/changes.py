"""Which changes lead from the present stories to those of the partition?

Each part of the partition goes on under the id of the present story that it shares most articles
with; what else it holds goes there, and what a story holds beside its part leaves. Whole reprint
groups move, and nothing that an editor said is gone against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from storycluster.batch_settings import ReclusterSettings
from storycluster.clustering import Float64, Int64
from storycluster.domain import Change, ChangeKind, Constraint, Evidence
from storycluster.engine.constraints import Constraints
from storycluster.recluster.dividing import Graph, weighed
from storycluster.recluster.windows import Node

_ROUNDED = 6


@dataclass(frozen=True, slots=True)
class _Part:
    """What a present story and a part of the partition share."""

    story: str
    label: int
    nodes: tuple[int, ...]
    articles: int


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Derives the changes of one partition: `labels` (n,) of the `nodes`."""

    nodes: Sequence[Node]
    labels: Int64
    graph: Graph
    constraints: Sequence[Constraint]
    settings: ReclusterSettings

    def found(self) -> list[Change]:
        """Those that are likely enough, the greatest gain first."""
        parts = self._parts()
        homes, stays = _homes(parts)
        weights = self._weights()
        in_label: dict[int, list[int]] = defaultdict(list)
        in_story: dict[str, list[int]] = defaultdict(list)
        for part in parts:
            in_label[part.label] += part.nodes
            in_story[part.story] += part.nodes
        found: list[Change] = []
        opened: set[int] = set()
        for part in sorted(parts, key=lambda one: (-one.articles, one.story, one.label)):
            home = homes.get(part.label, "")
            if home == part.story or (not home and part.label in opened):
                continue  # of a new story of several parts the largest opens it
            if not home:
                opened.add(part.label)
            rest = _without(in_story[part.story], part.nodes)
            there = _without(in_label[part.label], part.nodes) if home else []
            staying = stays.get(home, ())
            found.append(self._change(part, home, rest, there, staying=staying, weights=weights))
        ranked = sorted(found, key=lambda one: (-one.gain, one.from_story, one.article_ids))
        bar = self.settings.least_probability
        likely = [one for one in ranked if one.probability >= bar and one.gain > 0.0]
        return list(self._allowed(likely))

    def _weights(self) -> csr_matrix:
        weights = weighed(self.nodes, self.graph, self.settings)
        low, high = self.graph.pairs[:, 0], self.graph.pairs[:, 1]
        shape = (self.graph.count, self.graph.count)
        both = (np.concatenate([low, high]), np.concatenate([high, low]))
        return csr_matrix((np.concatenate([weights, weights]), both), shape=shape)

    def _parts(self) -> list[_Part]:
        shared: dict[tuple[str, int], list[int]] = defaultdict(list)
        for place, (node, label) in enumerate(zip(self.nodes, self.labels.tolist(), strict=True)):
            shared[node.story_id, label].append(place)
        return [
            _Part(story, label, tuple(places), self._articles(places))
            for (story, label), places in shared.items()
        ]

    def _articles(self, places: Iterable[int]) -> int:
        return sum(len(self.nodes[place].article_ids) for place in places)

    def _change(
        self,
        part: _Part,
        home: str,
        rest: Sequence[int],
        there: Sequence[int],
        *,
        staying: Sequence[int],
        weights: csr_matrix,
    ) -> Change:
        bar = self.settings.bar
        right = _mean(weights, part.nodes, there)
        left = _mean(weights, part.nodes, rest, most=self.settings.compared)
        leaves, joins = 1.0 - same_story(left, bar), same_story(right, bar)
        others = self._articles(there) - self._articles(staying)
        gain = part.articles * (
            self._articles(rest) * (2.0 * leaves - 1.0)
            # two parts that go to one story both count what is between them
            + (self._articles(staying) + others / 2.0) * (2.0 * joins - 1.0) * bool(home)
        )
        together = Evidence("recluster_joins", round(right, _ROUNDED), bar, right >= bar)
        apart = Evidence("recluster_stays", round(left, _ROUNDED), bar, left >= bar)
        evidence: tuple[Evidence, ...]
        if not rest:
            kind, probability, evidence = ChangeKind.MERGE, joins, (together,)
        elif not home:
            kind, probability, evidence = ChangeKind.SPLIT, leaves, (apart,)
        else:
            kind, evidence = ChangeKind.MOVE, (together, apart)
            probability = min(joins, leaves)
        ids = [(p, one) for p in part.nodes for one in self.nodes[p].article_ids]
        made = Change(
            kind=kind,
            from_story=part.story,
            to_story=home,
            article_ids=tuple(one for _, one in ids),
            probability=round(probability, _ROUNDED),
            gain=round(gain, _ROUNDED),
            reason="",
            evidence=evidence,
        )
        return replace(made, reason=_told(made, left, right))

    def _allowed(self, changes: Iterable[Change]) -> Iterable[Change]:
        """Those that go against nothing an editor said and no veto, each after the ones before."""
        held, vetoed = Constraints(self.constraints), self._vetoed()
        members: dict[str, set[str]] = defaultdict(set)
        group_of = {}
        for node in self.nodes:
            members[node.story_id].update(node.article_ids)
            group_of.update(dict.fromkeys(node.article_ids, node.article_ids[0]))
        for one in changes:
            moved, target = set(one.article_ids), members[one.to_story] if one.to_story else set()
            pinned_both = bool(held.pinned & moved) and bool(held.pinned & target)
            leaves = one.kind is not ChangeKind.MERGE
            staying = members[one.from_story] - moved
            forbidden = (
                {one.from_story, one.to_story} & held.locked
                or held.apart(moved, target)
                or pinned_both
                or (leaves and (held.pinned & moved or held.together(moved, staying)))
                or any(vetoed.get(group_of[a], set()) & target for a in moved)
            )
            if not forbidden:
                members[one.from_story] -= moved
                if one.to_story:
                    members[one.to_story] |= moved
                yield one

    def _vetoed(self) -> dict[str, set[str]]:
        """{article that stands for a group: articles a veto keeps it from}."""
        found: dict[str, set[str]] = defaultdict(set)
        for a, b in self.graph.pairs[self.graph.apart].tolist():
            one, other = self.nodes[a].article_ids[0], self.nodes[b].article_ids[0]
            found[one].add(other)
            found[other].add(one)
        return found


def _homes(parts: Sequence[_Part]) -> tuple[dict[int, str], dict[str, tuple[int, ...]]]:
    """{part of the partition: present story whose id it keeps}, and what stays in each such story.
    The largest overlap first; of equal ones the older story, then the earlier articles."""
    homes: dict[int, str] = {}
    stays: dict[str, tuple[int, ...]] = {}
    for part in sorted(parts, key=lambda one: (-one.articles, one.story, one.nodes)):
        if part.label not in homes and part.story not in stays:
            homes[part.label], stays[part.story] = part.story, part.nodes
    return homes, stays


def same_story(mean: float, bar: float) -> float:
    """The probability that two parts whose pairs have that mean are one story: 0.5 at the bar, and
    the log odds move with those of the mean."""
    inside = min(max(mean, 1e-6), 1.0 - 1e-6)
    odds = inside / (1.0 - inside) * (1.0 - bar) / bar
    return odds / (1.0 + odds)


def _mean(
    weights: csr_matrix, some: Sequence[int], others: Sequence[int], *, most: int = 0
) -> float:
    """Over all pairs of one of `some` and one of the `others`; 0 where there are none. With `most`
    each is held to be compared with so many others at most."""
    size = min(len(others), most or len(others))
    if not some or not others:
        return 0.0
    rows = weights[list(some)]
    between: Float64 = rows.data[np.isin(rows.indices, list(others))]
    return round(float(np.sort(between).sum()) / (len(some) * size), 9)


def _without(places: Sequence[int], leaving: Sequence[int]) -> list[int]:
    gone = set(leaving)
    return [place for place in places if place not in gone]


def _told(change: Change, left: float, right: float) -> str:
    count = len(change.article_ids)
    noun = "article" if count == 1 else "articles"
    if change.kind is ChangeKind.MERGE:
        return f"all {count} {noun} belong to {change.to_story}: mean {right:.2f} with its articles"
    if change.kind is ChangeKind.SPLIT:
        return f"{count} {noun} tell of something else: mean {left:.2f} with the rest of the story"
    return f"{count} {noun} belong rather to {change.to_story}: mean {right:.2f}, here {left:.2f}"


def after(nodes: Sequence[Node], changes: Sequence[Change]) -> dict[str, str]:
    """{article: story} once these changes are made; a new story is named by its first article."""
    found = {one: node.story_id for node in nodes for one in node.article_ids}
    for change in changes:
        target = change.to_story or f"new {change.article_ids[0]}"
        found.update(dict.fromkeys(change.article_ids, target))
    return found
