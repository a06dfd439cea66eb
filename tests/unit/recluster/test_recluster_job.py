"""Does a job resume, repeat its answer, stop when told and see the same in windows?"""

from __future__ import annotations

import dataclasses
import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from storycluster.backends import open_store
from storycluster.decision import default_model
from storycluster.domain import Article, ChangeKind
from storycluster.engine import Engine, scheme_of
from storycluster.engine.index import CollectionIndex
from storycluster.errors import Cancelled, InvalidInput, NotFound
from storycluster.evaluate.labelled import labelled
from storycluster.ports import Encoder, Store, Transaction
from storycluster.recluster import Pace, Plan, Progress, drawn, make_plan, read_plan, review
from storycluster.recluster.folder import MANIFEST
from storycluster.recluster.snapshot import read_snapshot
from storycluster.recluster.windows import spans, stability
from storycluster.settings import Settings

SETTINGS = Settings()
START = datetime(2024, 5, 1, tzinfo=UTC)
EVENTS = {
    "ferry": "The ferry Aurora ran aground off Lindholm with 214 passengers aboard, the coast "
    "guard said. Tugs pulled the ship free and nobody was hurt near the harbour.",
    "mill": "Fire destroyed the Karsten paper mill in Oberdorf and 80 workers fled, firefighters "
    "said. The owner of the mill promised to rebuild the plant within two years.",
    "vote": "Parliament in Sarovia passed the pension reform by 61 votes to 58 after a long "
    "debate. Unions called a strike against the reform for the coming week.",
}


def articles() -> list[Article]:
    """Six reports of each event, with words of their own."""
    found = []
    for event, text in EVENTS.items():
        for number in range(6):
            words = text.split()
            chance = random.Random(f"{event}{number}")
            kept = [word for word in words if chance.random() > 0.15]
            found.append(
                Article(
                    f"{event}-{number}",
                    title=" ".join(kept[:7]),
                    text=" ".join(kept[7:]) + f" Reporter {event}{number} was there.",
                    source=f"Outlet {number}",
                    publish_time=START + timedelta(hours=number),
                )
            )
    return found


@pytest.fixture
def store(encoder: Encoder) -> Store:
    """Every report in its event's story, but one ferry report that stands among the mill's."""
    opened = open_store("memory:", scheme_of(encoder, SETTINGS))
    engine = Engine(opened, encoder)
    engine.ingest("", articles())
    there = engine.get_article("", "mill-0").assignment.story_id

    def misplace(transaction: Transaction) -> None:
        stored = transaction.article("default", "ferry-5")
        assert stored is not None
        wrong = dataclasses.replace(stored.assignment, story_id=there)
        transaction.add_assignment("default", wrong)

    engine._writer.note(misplace).result()
    engine._writer.close()
    return opened


def plan_of(store: Store, encoder: Encoder, out: Path, pace: Pace | None = None) -> Plan:
    return make_plan(
        store,
        "default",
        out,
        encoder_id=encoder.encoder_id,
        model=default_model(encoder.encoder_id),
        settings=SETTINGS,
        pace=pace,
    )


def test_a_misplaced_article_is_proposed_to_go_home(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """The plan says of what moment it is, reads back as it was, and can be filtered."""
    plan = plan_of(store, encoder, tmp_path / "job")
    [change] = plan.changes
    assert (change.kind, change.article_ids) == (ChangeKind.MOVE, ("ferry-5",))
    with store.read() as reader:
        home = reader.article("default", "ferry-0")
    assert home is not None
    assert change.to_story == home.assignment.story_id
    assert (plan.sequence, plan.articles, plan.stories_before) == (18, 18, 3)
    assert read_plan(tmp_path / "job") == plan
    assert plan.chosen(kinds=[ChangeKind.MERGE]) == ()
    assert plan.chosen(story=change.from_story, min_gain=1.0) == (change,)


def test_the_profiles_of_a_snapshot_are_those_of_the_index(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """With the weights they had on arrival, not those of now."""
    plan_of(store, encoder, tmp_path / "job")
    snapshot = read_snapshot(tmp_path / "job/snapshot.parquet")
    index = CollectionIndex(encoder.dimensions, SETTINGS, encoder_id=encoder.encoder_id)
    with store.read() as reader:
        index.rebuild(reader.index_rows("default"), last_sequence=reader.last_sequence("default"))
    for known in snapshot.known(range(18), brief_words=SETTINGS.guards.brief_words):
        expected = index.entry(known.row.article_id).profile
        assert known.profile.day == expected.day
        assert np.array_equal(known.profile.embedding, expected.embedding)
        for view, vector in expected.views.items():
            assert np.array_equal(known.profile.views[view].weights, vector.weights)


STAGES = ("snapshot", "copies-0000", "edges-0000", "partition", "plan", "plan-changes")


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_that_lost_a_stage_makes_the_same_plan(
    store: Store, encoder: Encoder, tmp_path: Path, stage: str
) -> None:
    """Whether the file is gone, cut short, or was never in the manifest; what is sound is kept."""
    out = tmp_path / "job"
    whole = plan_of(store, encoder, out)
    earlier = STAGES[: STAGES.index(stage)]
    file = next(out.glob(f"{stage}.*"))
    for harm in ("gone", "cut", "unlisted"):
        before = {name: next(out.glob(f"{name}.*")).stat().st_mtime_ns for name in earlier}
        if harm == "gone":
            file.unlink()
        elif harm == "cut":
            file.write_bytes(file.read_bytes()[:40])
        else:
            plain = json.loads((out / MANIFEST).read_text())
            plain["stages"] = [one for one in plain["stages"] if one["name"] in earlier]
            (out / MANIFEST).write_text(json.dumps(plain))
        assert plan_of(store, encoder, out) == whole
        for name, when in before.items():
            assert next(out.glob(f"{name}.*")).stat().st_mtime_ns == when


def test_a_cancelled_job_goes_on_later(store: Store, encoder: Encoder, tmp_path: Path) -> None:
    """What was done is kept, and the plan is that of an undisturbed job."""
    phases: list[str] = []

    def told(now: Progress) -> None:
        phases.append(now.phase)

    stopped = Pace(tell=told, cancelled=lambda: "score" in phases)
    with pytest.raises(Cancelled, match="compare"):
        plan_of(store, encoder, tmp_path / "job", stopped)
    assert (tmp_path / "job/snapshot.parquet").exists()
    with pytest.raises(NotFound):
        read_plan(tmp_path / "job")
    assert plan_of(store, encoder, tmp_path / "job") == plan_of(store, encoder, tmp_path / "again")


def test_a_folder_of_other_files_is_refused(store: Store, encoder: Encoder, tmp_path: Path) -> None:
    """Nothing of it is overwritten."""
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="other files"):
        plan_of(store, encoder, tmp_path)


def test_a_collection_without_articles_is_not_found(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """There is nothing to plan."""
    with pytest.raises(NotFound):
        make_plan(
            store,
            "nobody",
            tmp_path / "job",
            encoder_id=encoder.encoder_id,
            model=default_model(encoder.encoder_id),
            settings=SETTINGS,
        )


def test_windows_overlap_by_half_and_cover_all() -> None:
    """The last one is as long as the others."""
    assert spans(0, 10) == []
    assert spans(9, 10) == [(0, 9)]
    assert spans(23, 10) == [(0, 10), (5, 15), (10, 20), (13, 23)]


def test_small_windows_find_the_same_changes(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """Of 18 groups, 16 at a time; where windows agree the plan is stable."""
    small = dataclasses.replace(SETTINGS.recluster, window_groups=16)
    plan = make_plan(
        store,
        "default",
        tmp_path / "small",
        encoder_id=encoder.encoder_id,
        model=default_model(encoder.encoder_id),
        settings=dataclasses.replace(SETTINGS, recluster=small),
    )
    assert [one.article_ids for one in plan.changes] == [("ferry-5",)]
    assert plan.overlapping > 0
    assert 0.8 < plan.stability <= 1.0


def test_stability_is_the_mean_likeness_of_companions() -> None:
    """Over the nodes that two windows share; one window alone is stable."""
    labels = [(0, np.array([0, 0, 1, 1])), (2, np.array([5, 6, 6, 6]))]
    assert stability(labels) == (0.5, 2)
    assert stability([(0, np.array([0, 0]))]) == (1.0, 0)


def test_a_review_is_read_by_calibrate_once_it_is_filled_in(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """Each line is a labelled article, moved or of the other side."""
    plan = plan_of(store, encoder, tmp_path / "job")
    with store.read() as reader:
        lines = list(review(drawn(plan.changes, 5), reader, "default"))
    assert {line["side"] for line in lines} == {"moved", "other"}
    filled = [labelled({**line, "story": "ferry"}) for line in lines]
    assert {one.story for one in filled} == {"ferry"}
    assert "ferry-5" in {one.article.article_id for one in filled}


def test_a_draw_is_spread_over_the_probabilities(
    store: Store, encoder: Encoder, tmp_path: Path
) -> None:
    """The doubtful are in it as well as the sure; same seed, same draw."""
    [one] = plan_of(store, encoder, tmp_path / "job").changes
    many = [dataclasses.replace(one, probability=0.5 + n / 200) for n in range(100)]
    chosen = drawn(many, 10)
    assert len(chosen) == 10
    assert (
        min(two.probability for two in chosen) < 0.6 < 0.9 < max(two.probability for two in chosen)
    )
    assert drawn(many, 10) == chosen


def test_the_job_rests_its_share_of_the_time() -> None:
    """Half of the time means as long as it worked; progress tells rate and time left."""
    with pytest.raises(InvalidInput, match="rest"):
        Pace(rest=1.0)
    told: list[Progress] = []
    pace = Pace(tell=told.append, rest=0.5)
    pace.begin("walk", 10)
    time.sleep(0.05)
    began = time.monotonic()
    pace.advance(5)
    assert time.monotonic() - began >= 0.045
    assert (told[-1].done, told[-1].total) == (5, 10)
    assert told[-1].eta_seconds == pytest.approx(5 / told[-1].rate)


SCRIPT = """
import sys
from pathlib import Path
from storycluster.backends import open_encoder, open_store
from storycluster.decision import default_model
from storycluster.engine import scheme_of
from storycluster.recluster import make_plan
from storycluster.settings import Settings
encoder = open_encoder("default")
store = open_store(sys.argv[1], scheme_of(encoder, Settings()))
plan = make_plan(store, "default", Path(sys.argv[2]), encoder_id=encoder.encoder_id,
                 model=default_model(encoder.encoder_id), settings=Settings())
store.close()
"""


@pytest.mark.slow
def test_hash_seed_and_threads_change_nothing(encoder: Encoder, tmp_path: Path) -> None:
    """Two processes write the same plan, byte for byte."""
    data = str(tmp_path / "data")
    engine = Engine(open_store(data, scheme_of(encoder, SETTINGS)), encoder)
    engine.ingest("", articles())
    engine.close()
    found = []
    for seed, threads in (("0", "1"), ("1", "4")):
        out = tmp_path / f"job-{seed}"
        env = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads}
        subprocess.run([sys.executable, "-c", SCRIPT, data, str(out)], env=env, check=True)
        found.append((out / "plan.json").read_bytes())
    assert found[0] == found[1]
