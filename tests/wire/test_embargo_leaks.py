"""Does any call of any service tell a caller without the right of what is held?

Two servers, alike but that one of them holds articles: every call that there is, in one order, must
be answered by both with the same bytes, the server's times aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from storycluster_server.admission import METHOD_CLASSES
from storycluster_server.testing import RunningServer
from wire_calls import Stubs, article

from storycluster.v1 import (
    admin_service_pb2,
    article_service_pb2,
    difference_service_pb2,
    editorial_service_pb2,
    feed_service_pb2,
    ingest_service_pb2,
    recluster_service_pb2,
    resources_pb2,
    server_info_service_pb2,
    story_service_pb2,
)

FLAGS = {
    "server.listen": "127.0.0.1:0",
    "server.admin_listen": "127.0.0.1:0",
    "server.watch_heartbeat_s": 0.2,
}
SECRET, TOKEN = "secret-id", "Zyxommatic"
ACT = {"actor": "desk", "reason": "a reason"}
OF_A = {"article_id": "a1"}
OF_SECRET = {"article_id": SECRET}
LATER = Timestamp()
LATER.FromDatetime(datetime.now(UTC) + timedelta(days=1))


def held(article_id: str, number: int) -> resources_pb2.Article:
    """An article like a public one, with words that only it has."""
    base = article(number)
    text = f"{base.text}. {TOKEN} said so."
    return article(
        number, article_id=article_id, title=f"{TOKEN} {base.title}", text=text, embargo_time=LATER
    )


def requests(stories: dict[str, str], promised: str) -> Iterator[tuple[str, Any]]:
    """(method, request), in order: every method there is, asked for what is public and for what is
    held. What changes the collection comes last."""
    a, e, s = article_service_pb2, editorial_service_pb2, story_service_pb2
    d, i, m = difference_service_pb2, ingest_service_pb2, admin_service_pb2
    f = feed_service_pb2
    asked = article(1, article_id="asked")
    for of in (OF_A, OF_SECRET, {"article_id": "a2"}):
        yield "GetArticle", a.GetArticleRequest(**of)
        yield "GetArticle", a.GetArticleRequest(**of, revision=2)
        yield "ListRevisions", a.ListRevisionsRequest(**of)
        yield "ExplainAssignment", a.ExplainAssignmentRequest(**of)
        yield "CompareToCanonical", d.CompareToCanonicalRequest(**of)
        yield "ListStaleMembers", d.ListStaleMembersRequest(**of)
        other = of["article_id"]
        yield (
            "CompareArticles",
            d.CompareArticlesRequest(base_article_id="a1", other_article_id=other),
        )
        yield (
            "CompareArticles",
            d.CompareArticlesRequest(base_article_id=other, other_article_id="a1"),
        )
    yield "ListHeldArticles", a.ListHeldArticlesRequest()
    yield "ListFurniture", a.ListFurnitureRequest()
    for text in (asked, held("asked", 1)):
        yield "FindSimilarArticles", a.FindSimilarArticlesRequest(article=text)
        yield "MatchArticles", i.MatchArticlesRequest(articles=[text])
    for story_id in (stories["a1"], promised):
        yield "GetStory", s.GetStoryRequest(story_id=story_id)
        yield "BatchGetStories", s.BatchGetStoriesRequest(story_ids=[story_id, stories["a2"]])
        yield "ListStoryArticles", s.ListStoryArticlesRequest(story_id=story_id)
        yield "GetStoryFacts", s.GetStoryFactsRequest(story_id=story_id)
    yield "ListStories", s.ListStoriesRequest(include_merged=True)
    yield "ListStories", s.ListStoriesRequest(page_size=1)
    yield "SearchStories", s.SearchStoriesRequest(query=TOKEN)
    yield "SearchStories", s.SearchStoriesRequest(query=asked.title)
    yield "ListEvents", f.ListEventsRequest()
    yield "WatchEvents", f.WatchEventsRequest()
    yield "ListOverrides", e.ListOverridesRequest()
    yield "GetServerInfo", server_info_service_pb2.GetServerInfoRequest()
    yield "GetStats", m.GetStatsRequest()
    yield "GetCollection", m.GetCollectionRequest()
    yield "GetCollection", m.GetCollectionRequest(collection="held alone")
    yield "ListCollections", m.ListCollectionsRequest()
    yield from looking_again()
    for of in (OF_SECRET, {"article_id": "a3"}):
        yield "PinCanonical", e.PinCanonicalRequest(**of, **ACT)
        yield "MoveArticle", e.MoveArticleRequest(**of, **ACT)
        yield "WithdrawArticle", a.WithdrawArticleRequest(**of, **ACT)
        yield "ReinstateArticle", a.ReinstateArticleRequest(**of, **ACT)
        other = of["article_id"]
        yield (
            "AddConstraint",
            e.AddConstraintRequest(kind=1, article_id="a1", other_article_id=other, **ACT),
        )
        yield (
            "RemoveConstraint",
            e.RemoveConstraintRequest(article_id="a1", other_article_id=other, **ACT),
        )
    yield "UndoOverride", e.UndoOverrideRequest(sequence=1, **ACT)
    for story_id in (promised, stories["a1"]):
        yield "LockStory", e.LockStoryRequest(story_id=story_id, **ACT)
        yield "UnlockStory", e.UnlockStoryRequest(story_id=story_id, **ACT)
        yield "UnpinCanonical", e.UnpinCanonicalRequest(story_id=story_id, **ACT)
        yield (
            "SplitStory",
            e.SplitStoryRequest(story_id=story_id, article_ids=[SECRET], **ACT),
        )
        yield (
            "MergeStories",
            e.MergeStoriesRequest(story_id=story_id, other_story_id=stories["a4"], **ACT),
        )
    yield "IngestArticle", i.IngestArticleRequest(article=article(9), include_view=True)
    yield "IngestArticle", i.IngestArticleRequest(article=held(SECRET, 1), include_view=True)
    yield "IngestArticle", i.IngestArticleRequest(article=article(8, article_id=SECRET))
    changed = article(2, text=article(2).text + ". They corrected it.")
    yield "BatchIngestArticles", i.BatchIngestArticlesRequest(articles=[changed, asked])
    yield "StreamIngestArticles", [article(10), held("another secret", 3)]
    yield "UpdateCollection", m.UpdateCollectionRequest(**ACT)
    yield "EraseArticle", a.EraseArticleRequest(article_id="a2", **ACT)
    yield "EraseArticle", a.EraseArticleRequest(article_id="another secret", **ACT)
    yield "ListEvents", f.ListEventsRequest()
    yield "ListOverrides", e.ListOverridesRequest()
    yield "GetStats", m.GetStatsRequest()
    yield "ListStories", s.ListStoriesRequest(include_merged=True)
    yield "ListAuditEntries", m.ListAuditEntriesRequest()
    yield "ExportCollection", m.ExportCollectionRequest(with_withdrawn=True)
    yield "ExportCollection", m.ExportCollectionRequest(collection="held alone")
    for name in ("default", "held alone"):
        yield "ImportCollection", m.ImportCollectionRequest(collection=name, data=b"{}", **ACT)
    yield "DeleteCollection", m.DeleteCollectionRequest(collection="held alone", **ACT)
    yield "DeleteCollection", m.DeleteCollectionRequest(collection="default", **ACT)
    yield "ListCollections", m.ListCollectionsRequest()


def looking_again() -> Iterator[tuple[str, Any]]:
    """The calls about jobs: these servers make none."""
    r = recluster_service_pb2
    yield "CreateReclusterJob", r.CreateReclusterJobRequest()
    yield "CreateReclusterJob", r.CreateReclusterJobRequest(collection="held alone")
    yield "ListReclusterJobs", r.ListReclusterJobsRequest()
    for method in ("GetReclusterJob", "WaitReclusterJob", "CancelReclusterJob"):
        yield method, getattr(r, f"{method}Request")(job_id="r1")
    yield "PromoteReclusterJob", r.PromoteReclusterJobRequest(job_id="r1", etag="e")
    yield "ListReclusterChanges", r.ListReclusterChangesRequest(job_id="r1")


def answer(stubs: Stubs, method: str, request: Any) -> bytes:
    """All that one call tells, without the times of the server."""
    try:
        return b"|".join(_bytes(one) for one in _answers(stubs, method, request))
    except grpc.RpcError as failure:
        call: Any = failure
        details = dict(call.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        told = f"{call.code()} {call.details()} {details!r}"
        return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "then", told).encode()


def _answers(stubs: Stubs, method: str, request: Any) -> Iterator[Message]:
    if method == "StreamIngestArticles":
        kind = ingest_service_pb2.StreamIngestArticlesRequest
        batch = kind.Batch(sequence=1, articles=request)
        sent = [kind(open=kind.Open(stream_id="s", include_view=True)), kind(batch=batch)]
        yield from stubs.ingest.StreamIngestArticles(iter(sent), timeout=30)
        return
    call = next(
        getattr(one, method) for one in vars(stubs).values() if callable(getattr(one, method, None))
    )
    if method == "WatchEvents":
        stream = call(request, timeout=30)
        yield next(stream)
        yield next(stream)  # the heartbeat
        stream.cancel()
        return
    if method == "ExportCollection":
        data = b"".join(one.data for one in call(request, timeout=30))
        lines = [line for line in data.splitlines() if b'"record":"end"' not in line]  # a digest
        kept = b"\n".join(re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"then", line) for line in lines)
        yield admin_service_pb2.ExportCollectionResponse(data=kept)
        return
    yield call(iter([request]) if method == "ImportCollection" else request, timeout=30)


def _bytes(message: Message) -> bytes:
    copied = type(message).FromString(message.SerializeToString())
    _drop_times(copied)
    return copied.SerializeToString(deterministic=True)


def _drop_times(message: Message) -> None:
    """Clear what a clock of a server says, but not when an article was published or is held."""
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        if field.message_type.full_name == "google.protobuf.Timestamp":
            if field.name not in ("publish_time", "embargo_time", "held_until"):
                message.ClearField(field.name)
        else:
            for one in [value] if isinstance(value, Message) else value:
                _drop_times(one)


def hold(stubs: Stubs, key: str, one: resources_pb2.Article, *, collection: str = "") -> Any:
    """Send an embargoed article with the right."""
    request = ingest_service_pb2.IngestArticleRequest(collection=collection, article=one)
    metadata = (("authorization", f"Bearer {key}"),)
    return stubs.ingest.IngestArticle(request, metadata=metadata, timeout=30).result


@pytest.fixture
def pair(
    serve: Callable[..., RunningServer], connect: Callable[[str], Stubs], access: dict[str, str]
) -> tuple[Stubs, Stubs]:
    """Two servers with the same four public articles, two of them copies."""
    public = [article(1), article(2), article(3), article(4), article(1, article_id="copy")]
    made = []
    for _ in range(2):
        made.append(connect(serve({**FLAGS, **access}).address))
        made[-1].ingest_all(*public)
    return made[0], made[1]


def test_no_call_tells_of_what_is_held(pair: tuple[Stubs, Stubs], key: str) -> None:
    """One of them holds a copy of something public, an event of its own, a revision of something
    public and a collection's only article. All calls there are, answered alike."""
    keeping, twin = pair
    promised = hold(keeping, key, held(SECRET, 7)).assignment.story_id
    hold(keeping, key, held("like-a1", 1))
    hold(keeping, key, article(2, text=f"{article(2).text} {TOKEN}.", embargo_time=LATER))
    hold(keeping, key, held(SECRET, 5), collection="held alone")
    assert promised
    stories = {
        one.article_id: one.assignment.story_id
        for one in twin.ingest_all(*(article(number) for number in (1, 2, 3, 4)))
    }
    keeping.ingest_all(*(article(number) for number in (1, 2, 3, 4)))
    asked = set()
    for method, request in requests(stories, promised):
        told = answer(keeping, method, request)
        assert (method, request, told) == (method, request, answer(twin, method, request))
        assert TOKEN.encode() not in told
        asked.add(method)
    assert asked == {one.rpartition("/")[2] for one in METHOD_CLASSES}
