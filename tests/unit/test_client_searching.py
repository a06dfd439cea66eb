"""client.searching: what does the SDK send, and what does it refuse before it sends?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storycluster.client.searching import SearchRequests
from storycluster.domain import Article, StoryFilter
from storycluster.errors import InvalidInput

NOON = datetime(2017, 4, 12, 12, tzinfo=UTC)
REQUESTS = SearchRequests("desk")


def test_the_filter_is_sent_as_it_is() -> None:
    """By both calls; what is not asked for is absent."""
    wanted = StoryFilter(3, published_after=NOON, published_before=NOON, source="north")
    for call in (
        REQUESTS.list_stories(wanted, page_size=7, page_token=""),
        REQUESTS.search_stories("a mill", wanted, limit=7),
    ):
        sent = call.request
        assert (sent.collection, sent.page_size, sent.min_article_count) == ("desk", 7, 3)
        assert sent.published_after.ToDatetime(UTC) == NOON
        assert sent.published_before.ToDatetime(UTC) == NOON
        assert sent.source == "north"
    everything = REQUESTS.search_stories("a mill", StoryFilter(), limit=0).request
    assert not everything.HasField("published_after")
    assert not everything.HasField("published_before")


def test_all_three_may_be_repeated() -> None:
    """They store nothing."""
    assert REQUESTS.list_stories(StoryFilter(), page_size=0, page_token="").repeatable
    assert REQUESTS.search_stories("a mill", StoryFilter(), limit=0).repeatable
    assert REQUESTS.find_similar_articles(Article("a", text="A mill"), limit=0).repeatable


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"min_article_count": -1}, "min_article_count"),
    ({"published_after": datetime(2017, 4, 12)}, "published_after"),
    ({"published_before": datetime(2017, 4, 12)}, "published_before"),
    ({"published_after": "2017-04-12"}, "published_after"),
    ({"published_before": NOON.date()}, "published_before"),
    ({"source": "\ud800"}, "source"),
    ({"source": 7}, "source"),
]


@pytest.mark.parametrize(("fields", "name"), WRONG)
def test_a_wrong_filter_is_named(fields: dict[str, Any], name: str) -> None:
    """A time without a zone too; nothing is sent."""
    wanted = StoryFilter(**fields)
    for ask in (
        lambda: REQUESTS.list_stories(wanted, page_size=0, page_token=""),
        lambda: REQUESTS.search_stories("a mill", wanted, limit=0),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask()
        assert [one.field for one in refused.value.violations] == [name]


def test_what_is_asked_is_checked() -> None:
    """No words, no article, no number: each by its name."""
    none = StoryFilter()
    article = Article("a", text="A mill", publish_time=datetime(2017, 4, 12))
    for ask, name in (
        (lambda: REQUESTS.search_stories("", none, limit=0), "query"),
        (lambda: REQUESTS.search_stories("a mill", none, limit=-1), "limit"),
        (lambda: REQUESTS.find_similar_articles(Article("a", text="A"), limit=-1), "limit"),
        (lambda: REQUESTS.find_similar_articles(Article(""), limit=0), "article_id"),
        (lambda: REQUESTS.find_similar_articles(article, limit=0), "article.publish_time"),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask()
        assert [one.field for one in refused.value.violations] == [name]
