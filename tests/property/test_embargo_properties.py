"""Whatever is held, whoever sends it and whatever he does to it: until it is released, everybody
else sees what he would see if it had never come."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storycluster.backends import open_store
from storycluster.domain import (
    PUBLIC,
    Act,
    Article,
    IngestResult,
    Rights,
    StoryFilter,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import StoryClusterError
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
POOL = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)][:8]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACT = Act("desk", "a reason")
ANYBODY = [PUBLIC, Rights(embargo=True)]

secrets = st.tuples(
    st.just("secret"),
    st.sampled_from(POOL),
    st.sampled_from(["as is", "edited", "another id"]),
    st.sampled_from(ANYBODY),
    st.sampled_from([1, 100, 1000]),
)
quiet_acts = st.tuples(
    st.sampled_from(["withdraw held", "erase held", "reinstate held"]), st.sampled_from(POOL)
)
open_acts = st.tuples(
    st.sampled_from(["send", "edit", "withdraw", "reinstate", "erase", "wait", "restart looks"]),
    st.sampled_from(POOL),
)
histories = st.lists(secrets | secrets | quiet_acts | open_acts | open_acts, max_size=25)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


def public(engine: Engine) -> object:
    """All that everybody can see of the collection."""
    stories = engine.list_stories("", StoryFilter(include_merged=True), page_size=500).items
    views = [engine.get_story("", one.story_id) for one in stories]
    ids = {one.article_id for one in POOL} | {f"{one.article_id}/held" for one in POOL}
    return (
        stories,
        views,
        engine.list_events("", page_size=500),
        engine.list_overrides("").items,
        engine.stats(""),
        engine.list_collections(),
        [_answer(engine, one) for one in sorted(ids)],
        engine.match("", [dataclasses.replace(POOL[0], article_id="asked")]),
    )


def _answer(engine: Engine, article_id: str) -> object:
    try:
        return (engine.list_revisions("", article_id), engine.explain("", article_id))
    except StoryClusterError as error:
        return (type(error), error.message)


def sent(article: Article, how: str) -> Article:
    if how == "another id":
        return dataclasses.replace(article, article_id=f"{article.article_id}/held", revision=0)
    text = article.text + (" It was updated." if how == "edited" else "")
    return dataclasses.replace(article, text=text, revision=0)


def do(engine: Engine, what: str, article: Article) -> object:
    """What somebody without the right does to a collection; his answer."""
    try:
        if what in ("send", "edit"):
            how = "edited" if what == "edit" else "as is"
            return engine.ingest("", [sent(article, how)])
        if what == "withdraw":
            return engine.withdraw("", article.article_id, ACT)
        if what == "reinstate":
            return engine.reinstate("", article.article_id, ACT)
        if what == "erase":
            return engine.erase("", article.article_id, ACT)
        return engine.repair("") if what == "restart looks" else None
    except StoryClusterError as error:
        return (type(error), error.message)


def do_quietly(engine: Engine, what: str, article: Article) -> None:
    """What a caller with the right does to an article that is held and not public."""
    article_id = f"{article.article_id}/held"
    acts = {
        "withdraw held": engine.withdraw,
        "erase held": engine.erase,
        "reinstate held": engine.reinstate,
    }
    try:
        acts[what]("", article_id, ACT, rights=Rights(embargo=True))
    except StoryClusterError:
        return


def opened(encoder: Encoder, watch: Watch) -> Engine:
    return Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder, clock=watch)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories)
def test_what_is_held_is_in_no_answer(encoder: Encoder, history: list[tuple[object, ...]]) -> None:
    """The twin never got it; each act that everybody may do is answered by both alike."""
    watch = Watch()
    engine, twin = opened(encoder, watch), opened(encoder, watch)
    try:
        for what, article, *more in history:
            assert isinstance(article, Article)
            if what == "secret":
                how, rights, days = more
                secret = dataclasses.replace(
                    sent(article, str(how)), embargo_time=NOON + timedelta(days=99 + int(str(days)))
                )
                known = secret.digest() in _digests(twin, secret.article_id)
                gone = _gone(twin, secret.article_id)
                [told] = engine.ingest("", [secret], rights=_rights(rights))
                if not known and not gone and rights == PUBLIC:
                    assert isinstance(told, IngestResult)
                    assert (told.assignment.story_id, told.replayed) == ("", False)
            elif what in ("withdraw held", "erase held", "reinstate held"):
                do_quietly(engine, str(what), article)
            elif what == "wait":
                watch.moment += timedelta(hours=15)
            else:
                assert do(engine, str(what), article) == do(twin, str(what), article)
        assert public(engine) == public(twin)
        watch.moment = NOON + timedelta(days=2000)
        engine.release()
        assert not any(one.waiting for one in engine.list_held("", rights=ANYBODY[1]).items)
    finally:
        engine.close()
        twin.close()


def _rights(value: object) -> Rights:
    assert isinstance(value, Rights)
    return value


def _digests(engine: Engine, article_id: str) -> set[str]:
    try:
        return {one.digest for one in engine.list_revisions("", article_id)}
    except StoryClusterError:
        return set()


def _gone(engine: Engine, article_id: str) -> bool:
    answer = _answer(engine, article_id)
    return isinstance(answer, tuple) and getattr(answer[0], "__name__", "") == "ArticleWithdrawn"
