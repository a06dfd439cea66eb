"""Articles that a newsroom may have to put right."""

from __future__ import annotations

from storycluster.client import Client
from storycluster.domain import Article

FERRY = Article(
    "ferry",
    title="Ferry sinks",
    text="A ferry sank off Port Vell on Monday. The coast guard said 12 people had died. Survivors "
    "were taken to the harbour hospital by fishing boats during the night.",
)
FERRY_COPY = Article("ferry-copy", title=FERRY.title, text=FERRY.text)
FERRY_OWN = Article(
    "ferry-own",
    title="Ferry disaster at Port Vell kills 14",
    text="Fourteen people died when a ferry went down off Port Vell on Monday, officials of the "
    "coast guard said. Fishing boats took survivors to hospital in the harbour.",
)
MILL = Article(
    "mill",
    title="Mill burns",
    text="The old mill at Dunmore burned down on Friday, said the fire chief Una Kay. Nobody was "
    "hurt in the fire, which began in the grain store after midnight.",
)
ALL = (FERRY, FERRY_COPY, FERRY_OWN, MILL)


def fill(client: Client) -> None:
    """Three articles of one story, two of them copies, and one of another."""
    for article in ALL:
        client.ingest_article(article, view=False)


def story_of(client: Client, article_id: str) -> str:
    """The story that an article is in."""
    return client.get_article(article_id).assignment.story_id


def members(client: Client, story_id: str) -> list[str]:
    """The ids of a story's articles."""
    return [member.article_id for member in client.get_story(story_id).members]
