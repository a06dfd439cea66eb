"""The five real articles on the al-Bab air strikes, as text files through the command line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import asked, served

pytestmark = pytest.mark.slow

# Publication data as an archivist would note it beside the files.
SIDECARS = {
    "000": {"source": "Arabs Today", "credit": "Al Jazeera"},
    "001": {
        "title": "Russia and Turkey carry out first joint air strikes in operation outside Aleppo",
        "publish_time": "2017-01-18T15:39:00Z",
        "source": "The Independent",
    },
    "002": {
        "title": "Russia says Turkey jets join anti-Daesh operation in Syria's al-Bab",
        "publish_time": "2017-01-18T14:49",
        "source": "WMD site",
        "credit": "Press TV",
    },
    "003": {
        "title": "Russia, Turkey conduct first joint air strikes against IS in Syria",
        "publish_time": "2017-01-18",
        "source": "Refworld",
        "credit": "Based on reporting by Reuters, AFP, and dpa",
    },
    "004": {
        "title": "Russia, Turkey carry out joint bombings in Syria",
        "publish_time": "2017-01-19",
        "source": "UPI",
        "credit": "UPI, by Andrew V. Pestano",
    },
}
ORDERS = ("01234", "43210", "43201", "20413")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server; each order of arrival has a collection of its own."""
    with served(tmp_path_factory.mktemp("seeds") / "data") as server:
        yield server.address


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[Path]:
    """The five texts, in order of name."""
    found = sorted((shared / "seeds").glob("*.txt"))
    assert [path.name[:3] for path in found] == list(SIDECARS)
    return found


@pytest.fixture(scope="module")
def noted(texts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The five texts, each beside its sidecar."""
    folder = tmp_path_factory.mktemp("noted")
    copies = [Path(shutil.copy(text, folder)) for text in texts]
    for path in copies:
        path.with_suffix(".json").write_text(json.dumps(SIDECARS[path.name[:3]]))
    return copies


def only_story(address: str, collection: str) -> dict[str, Any]:
    """The one story of a collection, with its members."""
    (listed,) = asked("story", "list", "--collection", collection, address=address)
    name = listed["story_id"]
    (story,) = asked("story", "show", name, "--collection", collection, address=address)
    return story


def ingest(files: list[Path], order: str, *, address: str, collection: str) -> list[dict[str, Any]]:
    """What is answered where the files arrive in that order."""
    paths = [str(files[int(place)]) for place in order]
    return asked("ingest", *paths, "--collection", collection, address=address)


@pytest.mark.parametrize("order", ORDERS)
def test_five_texts_are_one_story(address: str, texts: list[Path], order: str) -> None:
    """Plain texts in any order: one story of five articles, none of them a copy of another."""
    told = ingest(texts, order, address=address, collection=f"plain-{order}")
    assert [line["article_id"] for line in told] == [texts[int(place)].stem for place in order]
    assert told[0]["relation"] == "new_story"
    assert {line["relation"] for line in told[1:]} <= {"same_story", "new_story"}
    story = only_story(address, f"plain-{order}")
    counts = [story[name] for name in ("article_count", "unique_count", "reprint_count")]
    assert (story["state"], counts) == ("open", [5, 5, 0])
    assert {member["article_id"] for member in story["members"]} == {path.stem for path in texts}
    assert all(one["reprint_group"] == one["article_id"] for one in story["members"])


@pytest.mark.parametrize("order", ORDERS)
def test_with_sidecars_the_independent_stands_for_it(
    address: str, noted: list[Path], order: str
) -> None:
    """What is noted beside the texts decides: 001 is canonical in any order, by a stated rule."""
    told = ingest(noted, order, address=address, collection=f"noted-{order}")
    assert told[-1]["canonical_article_id"] == noted[1].stem
    story = only_story(address, f"noted-{order}")
    assert (story["article_count"], story["unique_count"]) == (5, 5)
    assert story["canonical"] == {
        "article_id": noted[1].stem,
        "policy": "earliest_original",
        "reason": "original, not a hosted copy; earliest",
    }
    sources = {one["article_id"][:3]: one["source"] for one in story["members"]}
    assert sources == {name: fields["source"] for name, fields in SIDECARS.items()}


def test_a_folder_is_ingested_as_a_whole(address: str, noted: list[Path]) -> None:
    """The folder of texts and sidecars holds five articles, not ten; times are known as noted."""
    folder = str(noted[0].parent)
    told = asked("ingest", folder, "--collection", "folder", address=address)
    assert [line["article_id"] for line in told] == [path.stem for path in noted]
    name = noted[1].stem
    (article,) = asked("article", "show", name, "--collection", "folder", address=address)
    assert article["title"] == SIDECARS["001"]["title"]
    assert article["publish_time"] == "2017-01-18T15:39:00Z"
    assert article["publish_provenance"] == "given"
    assert article["text"].encode() == noted[1].read_bytes()


def test_two_reports_are_compared(address: str, noted: list[Path]) -> None:
    """Each span of a comparison is what stands at its offsets in the text as received."""
    ingest(noted, "01234", address=address, collection="compared")
    names = [noted[1].stem, noted[4].stem]
    (found,) = asked("compare", *names, "--collection", "compared", address=address)
    assert found["not_compared"] is None
    assert found["differences"]
    texts = {"base": noted[1].read_bytes().decode(), "other": noted[4].read_bytes().decode()}
    spans = [
        (side, one[side])
        for one in found["differences"]
        for side in texts
        if one[side] is not None and one[side]["field"] == "text"
    ]
    assert spans
    for side, span in spans:
        assert texts[side][span["start"] : span["end"]] == span["text"]
