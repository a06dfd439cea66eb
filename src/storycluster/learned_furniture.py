"""Which lines recur in the articles of one source, so that they belong to its page?

Pure counting. Of each source the latest counted articles are looked at, and nothing else is kept:
memory is bounded by the window, a line that went out of use is forgotten, and the same articles in
the same order always give the same answer.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlsplit

import numpy as np

from storycluster.features import Features, UInt32, term_id
from storycluster.furniture import Line
from storycluster.settings import FurnitureSettings
from storycluster.text import normalise

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LEAST_LETTERS = 4
_JUDGED = 16  # newest holders of one line that are compared with each other
_NONE: frozenset[int] = frozenset()


def line_hash(line: Line) -> int:
    """xxh32 of the normalised line. Numbers in what is no sentence are all the same ("Posted 3
    hours ago"); a sentence with another number says something else."""
    plain = normalise(line.text)
    return term_id(plain if line.ended else _NUMBER.sub("0", plain))


def recurs_maybe(line: Line, *, least: int, longest: int) -> bool:
    """Whether a line or sentence of this form is worth counting: least..longest words."""
    if not least <= line.words <= longest:
        return False
    return sum(map(str.isalpha, line.text[:200])) >= _LEAST_LETTERS


def outlet_name(source: str, url: str) -> str:
    """The source as given, else the host of the url without "www."; "" where neither is there."""
    if source.strip():
        return source.strip()
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:  # no url at all, whatever it is
        return ""
    return host.removeprefix("www.")


def outlet_of(source: str, url: str = "") -> int:
    """xxh32 of the outlet's name, whatever its capitals; 0 where it has none."""
    name = outlet_name(source, url)
    return term_id(name.casefold()) if name else 0


@dataclass(frozen=True, slots=True)
class Learned:
    """A line that is furniture of an outlet now, and how many articles of its window hold it."""

    outlet: int
    line: int
    articles: int


@dataclass(frozen=True, slots=True, eq=False)
class _Counted:
    """One article: its lines (l,), the story it was placed in at arrival, the long words of its
    headline (t,) and all its words (t,). Arrays are copies: a stored row is not kept alive."""

    article_id: str
    home: int
    lines: UInt32
    topic: UInt32
    body: UInt32

    @classmethod
    def of(cls, article_id: str, features: Features) -> _Counted:
        arrays = (features.lines, features.topic, features.views["body"].ids)
        return cls(article_id, features.home, *(np.array(one, dtype=np.uint32) for one in arrays))

    def told_by(self, other: _Counted) -> float:
        """The share of this headline's long words that occur in the other article; 1 without a
        headline that says something."""
        if not len(self.topic):
            return 1.0
        return float(np.isin(self.topic, other.body, assume_unique=True).mean())


@dataclass(slots=True)
class _Outlet:
    window: deque[_Counted] = field(default_factory=deque)
    counts: dict[int, int] = field(default_factory=dict)


class LineCounts:
    """The lines of every outlet of one collection.

    One thread counts. `learned` may be asked by any: its answers are replaced, never changed.
    """

    def __init__(self, settings: FurnitureSettings) -> None:
        self._settings = settings
        self._outlets: dict[int, _Outlet] = {}
        self._learned: dict[int, frozenset[int]] = {}

    def count(self, article_id: str, features: Features) -> None:
        """Count one article by the `lines`, `outlet`, `home`, `topic` and body terms of its stored
        features. Outlet 0 and articles without lines are not counted."""
        outlet = features.outlet
        if not outlet or not len(features.lines):
            return
        known = self._outlets.setdefault(outlet, _Outlet())
        known.window.append(_Counted.of(article_id, features))
        changed = [int(line) for line in features.lines]
        for line in changed:
            known.counts[line] = known.counts.get(line, 0) + 1
        if len(known.window) > self._settings.window:
            gone = [int(line) for line in known.window.popleft().lines]
            for line in gone:
                known.counts[line] -= 1
                if not known.counts[line]:
                    del known.counts[line]
            changed += gone
        self._judge(outlet, known, changed)

    def _judge(self, outlet: int, known: _Outlet, changed: Collection[int]) -> None:
        """Learn or forget the lines whose counts changed."""
        before = self._learned.get(outlet, _NONE)
        often = {one for one in changed if known.counts.get(one, 0) >= self._settings.articles}
        homes = _homes(known, often) if often else {}
        now = {
            one
            for one in often
            if len(homes[one]) >= self._settings.stories or self._unrelated(known, one)
        }
        after = (before - frozenset(changed)) | now
        if after != before:
            self._learned[outlet] = after

    def _unrelated(self, known: _Outlet, line: int) -> bool:
        """Whether enough articles with this line have nothing to do with each other, though they
        may be in one story: furniture that nobody knows yet brings unrelated briefs together."""
        holders = (one for one in reversed(known.window) if line in one.lines)
        chosen: list[_Counted] = []
        for one in islice(holders, _JUDGED):
            if all(
                max(one.told_by(other), other.told_by(one)) <= self._settings.told_share
                for other in chosen
            ):
                chosen.append(one)
        return len(chosen) >= self._settings.stories

    def learned(self, outlet: int) -> frozenset[int]:
        """The lines that are furniture of an outlet now; none where learning is off."""
        return self._learned.get(outlet, _NONE) if self._settings.learned else _NONE

    def listed(self, outlet: int = 0) -> list[Learned]:
        """What is learned (of one outlet, or 0: of all), the lines of most articles first."""
        found = [
            Learned(one, line, self._outlets[one].counts[line])
            for one in ([outlet] if outlet else self._learned)
            for line in self.learned(one)
        ]
        return sorted(found, key=lambda one: (-one.articles, one.outlet, one.line))

    def holders(self, learned: Learned) -> list[str]:
        """Ids of the articles of the window that hold a line, the newest first."""
        window = self._outlets[learned.outlet].window
        return [one.article_id for one in reversed(window) if learned.line in one.lines]


def _homes(known: _Outlet, lines: Collection[int]) -> Mapping[int, set[int]]:
    """The stories in which the articles with each of these lines were placed."""
    wanted = np.fromiter(lines, dtype=np.uint32, count=len(lines))
    sizes = [len(one.lines) for one in known.window]
    everything = np.concatenate([one.lines for one in known.window])
    owners = np.repeat([one.home for one in known.window], sizes)
    hit = np.isin(everything, wanted)
    homes: dict[int, set[int]] = {line: set() for line in lines}
    for line, home in zip(everything[hit].tolist(), owners[hit].tolist(), strict=True):
        homes[line].add(home)
    return homes
