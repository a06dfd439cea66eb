"""When is a likely story not believed?

Each veto is pure: what is known of an article and of another article or a story in, the reason out
as it is stored and told, or "" where the veto does not apply. What a veto refuses is listed among
the runners-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storycluster.features import UInt32
from storycluster.fingerprint import Overlap, is_near_copy, overlap
from storycluster.measures import Profile, StoryProfile, cosine
from storycluster.settings import GuardSettings, Settings

STUB = "a stub says nothing of its headline"
NEXT_ISSUE = "the next issue of a template is another story"
OTHER_SUBJECT = "the same template about something else is another story"
ROUNDUP = "an article about many things belongs to no story of one"
ANNIVERSARY = "published about a year apart or more: a look back is another story"
LOCKED = "an editor locked the story"
LARGE = "a large story takes only what is likelier, or belongs to its core"


class Asking(Protocol):
    """What a veto needs of an article, new or stored."""

    @property
    def article_id(self) -> str:
        """Its id."""

    @property
    def source(self) -> str:
        """Its source, "" if unknown."""

    @property
    def shingles(self) -> UInt32:
        """(s,) ascending."""

    @property
    def profile(self) -> Profile:
        """What the decision sees of it."""


def apart(one: Asking, other: Asking, measured: Overlap, settings: Settings) -> str:
    """Two articles that overlap so far may not be in one story."""
    if is_near_copy(measured, settings.fingerprint):
        reason = stub_under_other_headline(one.profile, other.profile, settings.guards)
        if reason:
            return reason
    same_source = bool(one.source) and one.source == other.source
    return issue_of_template(
        one.profile, other.profile, measured, settings.guards, same_source=same_source
    )


def any_apart(some: Sequence[Asking], others: Sequence[Asking], settings: Settings) -> str:
    """One of `some` and one of the `others` may not be in one story."""
    for one in some:
        for other in others:
            if _asked(one.profile, other.profile, settings.guards):
                reason = apart(one, other, overlap(one.shingles, other.shingles), settings)
                if reason:
                    return reason
    return ""


def _asked(one: Profile, other: Profile, guards: GuardSettings) -> bool:
    """Whether a veto between two articles is possible: cheap, before their texts are compared."""
    return (one.stub and other.stub) or _numbers_changed(
        one, other, guards.template_min_numbers, guards
    )


def _numbers_changed(one: Profile, other: Profile, needed: int, guards: GuardSettings) -> bool:
    """Whether two articles hold at least so many numbers and keep few of each other's."""
    numbers = len(one.numbers | other.numbers)
    shared = len(one.numbers & other.numbers)
    return numbers >= needed and shared < guards.template_number_share * numbers


def stub_under_other_headline(article: Profile, other: Profile, guards: GuardSettings) -> str:
    """Two stubs stand under headlines that have next to nothing in common."""
    if not (article.stub and other.stub):
        return ""
    alike = cosine(article.views["title"], other.views["title"])
    return STUB if alike < guards.stub_title_similarity else ""


def issue_of_template(
    article: Profile,
    other: Profile,
    measured: Overlap,
    guards: GuardSettings,
    *,
    same_source: bool,
) -> str:
    """Two texts are filled-in templates: of two days, or of two towns.

    A report that was updated shares as many words and may have other numbers too; it has fewer of
    them, is of the same day and names the same. Texts of two sources must hold more numbers.
    """
    if not guards.template_jaccard <= measured.jaccard < 1.0:
        return ""
    needed = guards.template_min_numbers if same_source else guards.template_many_numbers
    if not _numbers_changed(article, other, needed, guards):
        return ""
    gap = 0.0 if article.day is None or other.day is None else abs(article.day - other.day)
    if gap >= guards.template_gap_days:
        return NEXT_ISSUE
    alike = cosine(article.views["names"], other.views["names"])
    return OTHER_SUBJECT if alike < guards.template_name_similarity else ""


def of_its_own(article: Profile, story: StoryProfile, guards: GuardSettings) -> str:
    """The article may not be in the story, whatever the model says: one of the two is about many
    things, or they are an anniversary apart."""
    return about_many(article, story) or looks_back(article, story, guards)


def looks_back(article: Profile, story: StoryProfile, guards: GuardSettings) -> str:
    """No dated member was published within `anniversary_days`: a commemoration, a recap."""
    if article.day is None or not len(story.days):
        return ""
    nearest = float(abs(story.days - article.day).min())
    return ANNIVERSARY if nearest >= guards.anniversary_days else ""


def about_many(article: Profile, story: StoryProfile) -> str:
    """The article, or a member of the story, tells of many things: only copies of it are with
    it."""
    if article.roundup or any(member.roundup for member in story.members):
        return ROUNDUP
    return ""


def far_from_core(likely: float, to_core: float, bar: float, guards: GuardSettings) -> str:
    """The article belongs to the newest members of a large story with a probability that would do
    for a small one (`likely`, at least the model's own `bar`), and not to its core."""
    if likely >= guards.large_story_probability or to_core >= bar:
        return ""
    told = f"{likely:.2f} < {guards.large_story_probability:.2f}, core {to_core:.2f} < {bar:.2f}"
    return f"{LARGE} ({told})"
