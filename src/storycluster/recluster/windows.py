"""Which articles are looked at together, and do two looks at the same ones agree?

Nodes are reprint groups in order of time: copies of one text are never in two stories. Windows of
equal size overlap by half; where two windows cut the articles they share otherwise, neither can be
relied on, and how often that happens needs no labels to be counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from storycluster.clustering import Int64
from storycluster.domain import Window
from storycluster.recluster.snapshot import Placed, Snapshot


@dataclass(frozen=True, slots=True)
class Node:
    """A reprint group: the row numbers of its members in the snapshot; the first stands for it."""

    group: str
    story_id: str
    rows: tuple[int, ...]
    article_ids: tuple[str, ...]


def nodes_of(snapshot: Snapshot) -> list[Node]:
    """The reprint groups, in order of the time of their first arrived member, then of its id."""
    members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(snapshot.placed):
        members[one.story_id, one.reprint_group].append(row)
    found = []
    for (story_id, group), rows in members.items():
        ordered = sorted(rows, key=lambda row: snapshot.placed[row].sequence)
        ids = tuple(snapshot.placed[row].article_id for row in ordered)
        found.append(Node(group, story_id, tuple(ordered), ids))
    return sorted(found, key=lambda node: _when(snapshot.placed[node.rows[0]]))


def within(nodes: Sequence[Node], snapshot: Snapshot, window: Window) -> list[Node]:
    """The nodes of the stories that have an article of the window, whole: a story is not judged by
    a part of it."""

    def inside(row: int) -> bool:
        time = snapshot.placed[row].time
        begun = window.start is None or time >= window.start
        return begun and (window.end is None or time < window.end)

    stories = {node.story_id for node in nodes if any(map(inside, node.rows))}
    return [node for node in nodes if node.story_id in stories]


def _when(one: Placed) -> tuple[object, str]:
    return (one.time, one.article_id)


def spans(count: int, size: int) -> list[tuple[int, int]]:
    """Half-open windows of `size` nodes that overlap by half and cover 0..count; the last is as
    long as the others, or all there is."""
    if count <= size:
        return [(0, count)] if count else []
    step = max(1, size // 2)
    starts = [*range(0, count - size, step), count - size]
    return [(start, start + size) for start in starts]


def stability(labels: Sequence[tuple[int, Int64]]) -> tuple[float, int]:
    """How far neighbouring windows agree, 0..1, and over how many nodes; (1, 0) for one window.

    `labels`: (first node, label of each node) of each window. Of each shared node: the Jaccard
    similarity of its companions, itself included, by one window and by the other; their mean.
    """
    found: list[float] = []
    for (first, one), (second, other) in pairwise(labels):
        shared = min(first + len(one), second + len(other)) - second
        if shared > 0:
            found += _alike(one[second - first :][:shared], other[:shared])
    return (float(np.mean(found)) if found else 1.0), len(found)


def _alike(one: Int64, other: Int64) -> list[float]:
    sides = [defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)]
    for side, labels in zip(sides, (one, other), strict=True):
        for node, label in enumerate(labels.tolist()):
            side[label].add(node)
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    both = [(sides[0][a], sides[1][b]) for a, b in pairs]
    return [len(left & right) / len(left | right) for left, right in both]
