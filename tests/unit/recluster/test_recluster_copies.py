"""Which pairs of a window does the batch job take for copies?"""

from __future__ import annotations

from recluster_inputs import FERRY, MILL, SETTINGS, article, known_of

from storycluster.fingerprint import band_keys, is_near_copy, overlap
from storycluster.ports import NEWEST_OF_BAND, Encoder
from storycluster.recluster.copies import near_copies
from storycluster.recluster.snapshot import Known

Pair = tuple[int, int]


def found(known: list[Known]) -> dict[Pair, bool]:
    """{pair: is it a copy}."""
    rows = near_copies(known, SETTINGS.fingerprint).to_pylist()
    return {(row["a"], row["b"]): row["copy"] for row in rows}


def test_a_text_under_another_headline_is_a_copy(encoder: Encoder) -> None:
    """Whichever arrived first, told as (earlier place, later place); other texts are not asked."""
    known = known_of(
        [
            article("a", FERRY, title="Ferry aground"),
            article("m", MILL, title="Mill burns down"),
            article("b", FERRY, title="Passengers safe after accident"),
        ],
        encoder,
    )
    assert found(known) == {(0, 2): True}


def test_a_shared_band_alone_makes_no_copy(encoder: Encoder) -> None:
    """Texts that begin alike share bands; their overlap, told beside, says what they are."""
    beginning = " ".join(f"{FERRY} {MILL}".split()[:60])
    endings = [" ".join(f"{name}{number}" for number in range(60)) for name in ("one", "two")]
    known = known_of(
        [article(str(n), f"{beginning} {ending}") for n, ending in enumerate(endings)], encoder
    )
    sets = [one.row.features.shingles for one in known]
    measured = overlap(sets[0], sets[1])
    keys = [
        set(band_keys(one.row.features.shingles, one.row.features.signature, SETTINGS.fingerprint))
        for one in known
    ]
    assert keys[0] & keys[1], "they share no band: the test asks nothing"
    [row] = near_copies(known, SETTINGS.fingerprint).to_pylist()
    assert (row["jaccard"], row["containment"]) == (measured.jaccard, measured.containment)
    assert row["copy"] is is_near_copy(measured, SETTINGS.fingerprint) is False


def test_one_text_of_many_copies_is_paired_with_those_around_it(encoder: Encoder) -> None:
    """The work of a key is bounded, and all copies hang together."""
    count = NEWEST_OF_BAND + 6
    known = known_of([article(f"{n:03}", FERRY) for n in range(count)], encoder)
    pairs = found(known)
    assert all(pairs.values())
    assert max(b - a for a, b in pairs) == NEWEST_OF_BAND // 2
    assert {(n, n + 1) for n in range(count - 1)} <= pairs.keys()


def test_nothing_is_a_copy_of_nothing(encoder: Encoder) -> None:
    """An empty window and a window of one are tables without rows."""
    assert found([]) == {}
    assert found(known_of([article("a", FERRY)], encoder)) == {}
