"""Does every noun come back from the wire as it went in?"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from google.protobuf.message import DecodeError, Message
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from storycluster import domain, grid, wire
from storycluster.domain import Article, Relation
from storycluster.errors import InvalidInput, NotFound, StoryClusterError
from storycluster.v1 import ingest_service_pb2, resources_pb2
from storycluster.wire.scalars import unrecognized

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.datetimes(timezones=st.just(UTC))
MAYBE_TIMES = st.none() | TIMES
NUMBERS = st.integers(-(2**63), 2**63 - 1)
COUNTS = st.integers(-(2**31), 2**31 - 1)
FLOATS = st.floats(allow_nan=False)
MAPPINGS = st.dictionaries(TEXTS, TEXTS, max_size=3)


def few(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


ARTICLES = st.builds(
    Article,
    article_id=TEXTS,
    title=TEXTS,
    text=TEXTS,
    revision=NUMBERS,
    source=TEXTS,
    url=TEXTS,
    language=TEXTS,
    authors=few(TEXTS),
    credit=TEXTS,
    publish_time=MAYBE_TIMES,
    publish_precision=st.sampled_from(domain.TimePrecision),
    extras=MAPPINGS,
    embargo_time=MAYBE_TIMES,
)
EVIDENCE = st.builds(
    domain.Evidence,
    kind=TEXTS,
    value=FLOATS,
    threshold=FLOATS,
    passed=st.booleans(),
    article_id=TEXTS,
    weight=FLOATS,
)
RUNNERS = st.builds(
    domain.RunnerUp, story_id=TEXTS, score=FLOATS, reason=TEXTS, evidence=few(EVIDENCE)
)
COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


def without_stray_copy(noun: Any) -> Any:
    """Only copies name what they copy (domain.Assignment)."""
    return noun if noun.relation in COPIES else replace(noun, copy_of="")


ASSIGNMENTS = st.builds(
    domain.Assignment,
    article_id=TEXTS,
    revision=NUMBERS,
    story_id=TEXTS,
    relation=st.sampled_from(Relation),
    confidence=FLOATS,
    sequence=NUMBERS,
    copy_of=TEXTS,
    reprint_group=TEXTS,
    previous_story_id=TEXTS,
    evidence=few(EVIDENCE),
    runners_up=few(RUNNERS),
    settings_digest=TEXTS,
    encoder_id=TEXTS,
    model=TEXTS,
).map(without_stray_copy)
MATCHES = st.builds(
    domain.Match,
    article_id=TEXTS,
    story_id=TEXTS,
    relation=st.sampled_from([one for one in Relation if one is not Relation.HELD]),
    confidence=FLOATS,
    copy_of=TEXTS,
    evidence=few(EVIDENCE),
    runners_up=few(RUNNERS),
).map(without_stray_copy)
STORED = st.builds(
    domain.StoredArticle,
    article=ARTICLES,
    digest=TEXTS,
    sequence=NUMBERS,
    ingest_time=TIMES,
    assignment=ASSIGNMENTS,
    publish_provenance=st.sampled_from(domain.Provenance),
    latest=st.booleans(),
    held_until=MAYBE_TIMES,
)
CANONICALS = st.builds(domain.Canonical, article_id=TEXTS, policy=TEXTS, reason=TEXTS)
MEMBERS = st.builds(
    domain.Member,
    article_id=TEXTS,
    revision=NUMBERS,
    relation=st.sampled_from(Relation),
    reprint_group=TEXTS,
    source=TEXTS,
    title=TEXTS,
    sequence=NUMBERS,
    publish_time=MAYBE_TIMES,
    publish_precision=st.sampled_from(domain.TimePrecision),
)
STORIES = st.builds(
    domain.Story,
    story_id=TEXTS,
    state=st.sampled_from(domain.StoryState),
    title=TEXTS,
    article_count=COUNTS,
    unique_count=COUNTS,
    reprint_count=COUNTS,
    source_count=COUNTS,
    revision=NUMBERS,
    create_time=TIMES,
    update_time=TIMES,
    canonical=st.none() | CANONICALS,
    first_publish_time=MAYBE_TIMES,
    last_publish_time=MAYBE_TIMES,
    merged_into_story_id=TEXTS,
)
VIEWS = st.builds(domain.StoryView, story=STORIES, members=few(MEMBERS), redirected_from=TEXTS)
SPANS = st.builds(domain.Span, field=TEXTS, start=COUNTS, end=COUNTS, text=TEXTS)
DIFFERENCES = st.builds(
    domain.Difference,
    type=st.sampled_from(domain.DifferenceType),
    base=st.none() | SPANS,
    other=st.none() | SPANS,
    base_value=TEXTS,
    other_value=TEXTS,
    importance=FLOATS,
    confidence=FLOATS,
    conflict=st.booleans(),
)
ALIGNED = st.builds(domain.Aligned, base=SPANS, other=SPANS, similarity=FLOATS)
COMPARISONS = st.builds(
    domain.Comparison,
    base_article_id=TEXTS,
    other_article_id=TEXTS,
    differences=few(DIFFERENCES),
    aligned=few(ALIGNED),
    base_furniture=few(SPANS),
    other_furniture=few(SPANS),
    base_revision=NUMBERS,
    other_revision=NUMBERS,
    not_compared=TEXTS,
)
EVENTS = st.builds(
    domain.Event,
    sequence=NUMBERS,
    kind=st.sampled_from(domain.EventKind),
    time=TIMES,
    story_id=TEXTS,
    article_id=TEXTS,
    detail=MAPPINGS,
)
AUDIT_ENTRIES = st.builds(
    domain.AuditEntry,
    event=EVENTS,
    actor=TEXTS,
    reason=TEXTS,
    before=MAPPINGS,
    after=MAPPINGS,
)
INFOS = st.builds(
    domain.ServerInfo,
    version=TEXTS,
    encoder_id=TEXTS,
    dimensions=COUNTS,
    fingerprint_scheme=TEXTS,
    settings_digest=TEXTS,
    max_batch_articles=COUNTS,
    max_message_bytes=COUNTS,
    max_text_bytes=COUNTS,
)
RESULTS = st.builds(
    domain.IngestResult,
    article_id=TEXTS,
    assignment=ASSIGNMENTS,
    canonical=CANONICALS,
    replayed=st.booleans(),
    story=st.none() | STORIES,
    comparison=st.none() | COMPARISONS,
    revision_comparison=st.none() | COMPARISONS,
    held_until=MAYBE_TIMES,
)
HITS = st.builds(domain.StoryHit, story=STORIES, similarity=FLOATS, article_id=TEXTS)
SIMILAR = st.builds(
    domain.SimilarArticle,
    article_id=TEXTS,
    story_id=TEXTS,
    similarity=FLOATS,
    jaccard=FLOATS,
    containment=FLOATS,
    source=TEXTS,
)
FURNITURE = st.builds(
    domain.FurnitureLine, source=TEXTS, text=TEXTS, article_count=COUNTS, article_id=TEXTS
)
OVERRIDES = st.builds(
    domain.Override,
    sequence=NUMBERS,
    kind=st.sampled_from(domain.OverrideKind),
    time=TIMES,
    actor=TEXTS,
    reason=TEXTS,
    story_id=TEXTS,
    other_story_id=TEXTS,
    article_ids=few(TEXTS),
    undoes=NUMBERS,
    undone_by=NUMBERS,
    made=st.just(()),  # the constraints stay on the server
    dropped=st.just(()),
)
TOMBSTONES = st.builds(
    domain.Tombstone,
    article_id=TEXTS,
    erased=st.booleans(),
    time=TIMES,
    actor=TEXTS,
    reason=TEXTS,
    story_id=TEXTS,
)
HELD = st.builds(
    domain.HeldArticle,
    number=NUMBERS,
    article=ARTICLES,
    digest=TEXTS,
    release_time=TIMES,
    ingest_time=TIMES,
    assignment=ASSIGNMENTS,
    publish_provenance=st.sampled_from(domain.Provenance),
    stopped=TEXTS,
    withdrawn=st.none() | TOMBSTONES,
)
CELLS = st.builds(
    grid.FactCell,
    article_id=TEXTS,
    source=TEXTS,
    span=SPANS,
    value=TEXTS,
    conflict=st.booleans(),
)
FACTS = st.builds(
    grid.Fact,
    kind=st.sampled_from(grid.FactKind),
    value=TEXTS,
    cells=few(CELLS),
    conflict=st.booleans(),
)
FIRST = st.builds(
    grid.FirstStated,
    fact=COUNTS,
    article_id=TEXTS,
    source=TEXTS,
    value=TEXTS,
    publish_time=MAYBE_TIMES,
    publish_precision=st.sampled_from(domain.TimePrecision),
)
GROUPS = st.builds(
    grid.ReprintGroup,
    article_id=TEXTS,
    copies=few(
        st.builds(
            grid.CopyChanges,
            article_id=TEXTS,
            removed=COUNTS,
            added=COUNTS,
            reworded=COUNTS,
            conflicts=COUNTS,
            not_compared=TEXTS,
        )
    ),
)
STORY_FACTS = st.builds(
    grid.StoryFacts,
    story_id=TEXTS,
    canonical_article_id=TEXTS,
    facts=few(FACTS),
    timeline=few(FIRST),
    advisories=few(st.builds(grid.Advisory, article_id=TEXTS, text=TEXTS, not_compared=TEXTS)),
    reprint_groups=few(GROUPS),
    groups_left_out=COUNTS,
    copies_left_out=COUNTS,
    facts_left_out=COUNTS,
    redirected_from=TEXTS,
)
JOBS = st.builds(
    domain.ReclusterJob,
    job_id=TEXTS,
    collection=TEXTS,
    state=st.sampled_from(domain.ReclusterState),
    etag=TEXTS,
    create_time=TIMES,
    window=st.builds(domain.Window, MAYBE_TIMES, MAYBE_TIMES),
    start_time=MAYBE_TIMES,
    end_time=MAYBE_TIMES,
    promote_time=MAYBE_TIMES,
    progress=st.builds(domain.Progress, TEXTS, NUMBERS, NUMBERS),
    rate=FLOATS,
    eta_s=st.none() | FLOATS,
    snapshot_sequence=NUMBERS,
    counts=st.dictionaries(TEXTS, NUMBERS, max_size=3),
    stability=st.none() | FLOATS,
    error=TEXTS,
    applied=NUMBERS,
    skipped=st.dictionaries(TEXTS, NUMBERS, max_size=3),
    quiet=st.booleans(),
)
CHANGES = st.builds(
    domain.Change,
    kind=st.sampled_from(domain.ChangeKind),
    from_story=TEXTS,
    to_story=TEXTS,
    article_ids=few(TEXTS),
    probability=FLOATS,
    gain=FLOATS,
    reason=TEXTS,
    evidence=few(EVIDENCE),
)


@st.composite
def planned_changes(draw: st.DrawFn) -> domain.PlannedChange:
    """Skipped or not, at the same place."""
    place = draw(NUMBERS)
    reason, subject = st.sampled_from(domain.SkipReason), TEXTS
    skipped = draw(st.none() | st.builds(domain.Skipped, st.just(place), reason, subject))
    return domain.PlannedChange(place, draw(CHANGES), skipped)


CHOSEN = st.builds(
    domain.CollectionSettings,
    canonical_policy=TEXTS,
    source_rank=st.lists(TEXTS, max_size=3).map(tuple),
    aliases=few(st.lists(TEXTS, max_size=3).map(tuple)),
)
COLLECTIONS = st.builds(
    domain.CollectionInfo,
    collection=TEXTS,
    counts=st.dictionaries(TEXTS, COUNTS, max_size=3),
    settings=CHOSEN,
    settings_revision=COUNTS,
)
NOUNS = {
    "recluster_job": JOBS,
    "planned_change": planned_changes(),
    "collection": COLLECTIONS,
    "collection_settings": CHOSEN,
    "article": ARTICLES,
    "assignment": ASSIGNMENTS,
    "match": MATCHES,
    "stored_article": STORED,
    "canonical": CANONICALS,
    "member": MEMBERS,
    "story": STORIES,
    "story_view": VIEWS,
    "story_hit": HITS,
    "similar_article": SIMILAR,
    "story_facts": STORY_FACTS,
    "difference": DIFFERENCES,
    "comparison": COMPARISONS,
    "event": EVENTS,
    "audit_entry": AUDIT_ENTRIES,
    "override": OVERRIDES,
    "tombstone": TOMBSTONES,
    "held_article": HELD,
    "furniture_line": FURNITURE,
    "server_info": INFOS,
    "ingest_result": RESULTS,
    "match_result": MATCHES,
}


def through_bytes(message: Message) -> Message:
    return type(message).FromString(message.SerializeToString())


def test_every_noun_is_tried() -> None:
    """The table of nouns below holds every pair of builder and reader that wire offers."""
    builders = {name.removesuffix("_to_message") for name in wire.__all__ if "_to_m" in name}
    assert builders - {"time", "server_limits"} == set(NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
@given(data=st.data())
def test_round_trip(noun: str, data: st.DataObject) -> None:
    """noun -> message -> bytes -> message -> noun changes nothing."""
    there: Callable[[Any], Message] = getattr(wire, f"{noun}_to_message")
    back: Callable[[Any], Any] = getattr(wire, f"{noun}_from_message")
    value = data.draw(NOUNS[noun])
    assert back(through_bytes(there(value))) == value


@given(TIMES, st.integers(-14 * 60, 14 * 60))
def test_times_keep_the_instant(time: datetime, offset: int) -> None:
    """A time of any zone comes back as the same instant in UTC."""
    zone = timezone(timedelta(minutes=offset))
    try:
        local = time.astimezone(zone)
    except OverflowError:
        return
    back = wire.time_from_message(wire.time_to_message(local))
    assert (back, back.utcoffset()) == (time, timedelta(0))


@given(NUMBERS, COUNTS)
def test_no_timestamp_breaks_the_reader(seconds: int, nanos: int) -> None:
    """Any timestamp is read as an aware UTC time or refused as InvalidInput."""
    message = Timestamp(seconds=seconds, nanos=nanos)
    told: Sequence[str] = ["a.b"]
    offset: timedelta | None = timedelta(0)
    try:
        offset = wire.time_from_message(message, path="a.b").utcoffset()
    except InvalidInput as error:
        told = [violation.field for violation in error.violations]
    assert (told, offset) == (["a.b"], timedelta(0))


@pytest.mark.parametrize(
    ("seconds", "nanos"),
    [(-62_135_596_801, 0), (253_402_300_800, 0), (0, -1), (0, 10**9), (2**62, 0)],
)
def test_bad_timestamp_fails_its_article_alone(seconds: int, nanos: int) -> None:
    """A time outside the years 1 to 9999 is refused by its path; the other articles are read."""
    good = resources_pb2.Article(article_id="a")
    bad = resources_pb2.Article(publish_time=Timestamp(seconds=seconds, nanos=nanos))
    read = wire.articles_from_messages([good, good, good, bad])
    assert read[:3] == [Article("a")] * 3
    refused = read[3]
    assert isinstance(refused, InvalidInput)
    assert refused.violations[0].field == "articles[3].publish_time"


@pytest.mark.parametrize(
    ("article", "field"),
    [
        (Article("a", text="x\ud800"), "articles[3].text"),
        (Article("\udfff"), "articles[3].article_id"),
        (Article("a", authors=("b", "\ud800")), "articles[3].authors[1]"),
        (Article("a", extras={"k": "\ud800"}), "articles[3].extras['k']"),
        (Article("a", extras={"\ud800": "v"}), "articles[3].extras key"),
        (Article("a", revision=2**63), "articles[3].revision"),
        (Article("a", publish_time=datetime(2024, 5, 1)), "articles[3].publish_time"),
        (
            Article("a", publish_time=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))),
            "articles[3].publish_time",
        ),
    ],
)
def test_what_protobuf_cannot_carry_is_named(article: Article, field: str) -> None:
    """Lone surrogates, naive or impossible times and huge numbers are refused by their path."""
    with pytest.raises(InvalidInput) as caught:
        wire.article_to_message(article, path="articles[3]")
    assert [violation.field for violation in caught.value.violations] == [field]


def test_deep_fault_is_named_from_the_outer_noun() -> None:
    """A fault inside a list inside a noun is named by its whole path."""
    span = domain.Span("text", 0, 1, "\ud800")
    difference = domain.Difference(domain.DifferenceType.NAME_CHANGED, None, span)
    with pytest.raises(InvalidInput) as caught:
        wire.comparison_to_message(domain.Comparison("a", "b", (difference,)))
    fields = [violation.field for violation in caught.value.violations]
    assert fields == ["comparison.differences[0].other.text"]


@pytest.mark.parametrize(
    ("message", "precision"),
    [
        (resources_pb2.Article(), domain.TimePrecision.UNKNOWN),
        (resources_pb2.Article(publish_time=Timestamp(seconds=1)), domain.TimePrecision.EXACT),
        (resources_pb2.Article(publish_precision=77), domain.TimePrecision.UNKNOWN),
    ],
)
def test_precision_not_told(message: Any, precision: domain.TimePrecision) -> None:
    """A time without a precision is exact; a precision of a newer client is unknown."""
    assert wire.article_from_message(message).publish_precision is precision


def test_provenance_not_told_is_given() -> None:
    """A stored article without provenance reads as given."""
    read = wire.stored_article_from_message(resources_pb2.StoredArticle())
    assert read.publish_provenance is domain.Provenance.GIVEN


@pytest.mark.parametrize(
    ("noun", "field", "message"),
    [
        ("event", "kind", resources_pb2.Event(kind=77)),
        ("difference", "type", resources_pb2.Difference(type=77)),
        ("story", "state", resources_pb2.Story(state=77)),
        ("member", "relation", resources_pb2.Member(relation=77)),
        ("override", "kind", resources_pb2.Override(kind=77)),
    ],
)
def test_enum_value_of_a_newer_server(noun: str, field: str, message: Message) -> None:
    """An unknown enum value is read, keeps its number, is of its enum's type and goes back out."""
    read = getattr(wire, f"{noun}_from_message")(message)
    value = getattr(read, field)
    assert value == "unrecognized_77"
    assert isinstance(value, type(next(iter(type(value)))))
    assert value not in list(type(value))
    assert getattr(getattr(wire, f"{noun}_to_message")(read), field) == 77


def test_constraints_of_an_override_stay_on_the_server() -> None:
    """What an override made and dropped is not told."""
    made = (domain.Constraint(domain.ConstraintKind.PIN, "a"),)
    override = domain.Override(1, domain.OverrideKind.PIN, datetime.now(UTC), "x", "y", made=made)
    assert wire.override_from_message(wire.override_to_message(override)) == replace(
        override, made=()
    )


def test_only_two_kinds_of_constraint_cross() -> None:
    """Two articles are linked or are not; what else an editor keeps has calls of its own."""
    said = [domain.ConstraintKind.MUST_LINK, domain.ConstraintKind.CANNOT_LINK]
    numbers = [wire.constraint_kind_to_number(kind) for kind in said]
    assert [wire.constraint_kind_from_number(number) for number in numbers] == said
    for kind in set(domain.ConstraintKind) - set(said):
        with pytest.raises(InvalidInput, match="kind"):
            wire.constraint_kind_to_number(kind)
    for number in (0, 77):
        with pytest.raises(InvalidInput, match="kind"):
            wire.constraint_kind_from_number(number)


def test_kinds_of_events_cross() -> None:
    """Every kind comes back; one of a newer caller is no member, and a text is refused."""
    numbers = wire.event_kinds_to_numbers(domain.EventKind)
    assert wire.event_kinds_from_numbers(numbers) == frozenset(domain.EventKind)
    assert not wire.event_kinds_from_numbers([77]) & frozenset(domain.EventKind)
    with pytest.raises(InvalidInput, match="kinds"):
        wire.event_kinds_to_numbers("member.added")  # type: ignore[arg-type]  # the mistake itself


def test_outcome_of_a_newer_server() -> None:
    """An unknown oneof case leaves the rest of the assignment readable."""
    # field 99, length-delimited, empty: a case this version does not have
    newer = resources_pb2.Assignment(story_id="s").SerializeToString() + b"\x9a\x06\x00"
    read = wire.assignment_from_message(resources_pb2.Assignment.FromString(newer))
    assert (read.story_id, read.relation) == ("s", unrecognized(Relation, 0))
    assert wire.assignment_to_message(read).WhichOneof("outcome") is None


def test_refusal_of_one_article() -> None:
    """A refused article crosses as its error, of the same class, under the id it was sent with."""
    error = NotFound(resource="article", name="a")
    for name in ("ingest_result", "match_result"):
        message = getattr(wire, f"{name}_to_message")(error, article_id="a")
        read = getattr(wire, f"{name}_from_message")(through_bytes(message))
        assert message.article_id == "a"
        assert isinstance(read, NotFound)
        assert (read.resource, read.name, read.message) == ("article", "a", error.message)


@given(st.binary(max_size=60))
def test_no_bytes_break_a_reader(data: bytes) -> None:
    """Whatever parses as a result is read, or refused with an error of ours."""
    try:
        message = ingest_service_pb2.IngestResult.FromString(data)
    except DecodeError:
        return
    with contextlib.suppress(InvalidInput):
        read = wire.ingest_result_from_message(message)
        assert isinstance(read, domain.IngestResult | StoryClusterError)


def test_wire_is_light() -> None:
    """Importing wire in a fresh interpreter brings in no numpy, model, index or store."""
    heavy = "numpy faiss torch sqlite3 apsw datasketch sentence_transformers storycluster.ports"
    code = (
        f"import sys, storycluster.wire; print(*[m for m in '{heavy}'.split() if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
