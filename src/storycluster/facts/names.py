"""Which names does a text mention, and when do two spellings mean one?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from storycluster import text as words

AliasGroups = tuple[tuple[str, ...], ...]
"""Groups of names of one person, place or organisation each."""
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sir",
        "lt",
        "gen",
        "col",
        "sgt",
        "capt",
        "maj",
        "adm",
        "lieutenant",
        "general",
        "colonel",
        "major",
        "captain",
        "president",
        "minister",
        "senator",
        "sen",
        "rep",
        "gov",
        "governor",
        "secretary",
        "chancellor",
        "king",
        "queen",
        "prince",
    ]
)
_ARTICLE = re.compile(r"^(?:al|az|as|ash|an|ad|at|ar|el|ez|es|ul)$")
_VOWELS = (("aw", "o"), ("au", "o"), ("ou", "o"), ("oo", "o"), ("u", "o"), ("ay", "e"), ("ei", "e"),
           ("ai", "e"), ("ey", "e"), ("ee", "i"), ("ph", "f"), ("kh", "h"), ("q", "k"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """text[start:end] is a name; equal `key` means one entity."""

    start: int
    end: int
    key: str


def names(text: str, own: AliasGroups = ()) -> list[Name]:
    """Names in order of place: runs of capitalised words, not a name recogniser."""
    spans = words.name_spans(text)
    return [Name(start, end, name_key(text[start:end], own)) for start, end in spans]


@cache
def aliases(own: AliasGroups = ()) -> Mapping[str, str]:
    """{folded form: key} of entities that go by several names: those that ship, and `own`, which
    go before them. A group is called by its first name, or as what ships calls that."""
    raw = json.loads(files("storycluster").joinpath("data/aliases.json").read_text("utf-8"))
    known = {_fold(form): key for key, forms in raw.items() for form in [key, *forms]}
    added = {
        _fold(name): known.get(_fold(group[0]), _fold(group[0])) for group in own for name in group
    }
    return known | added


def name_key(name: str, own: AliasGroups = ()) -> str:
    """The key under which spellings of one name meet: titles dropped, aliases joined, letters that
    transliterations disagree about folded. "Deir al-Zor" and "Dayr az-Zawr" have one key."""
    folded = _fold(name)
    known = aliases(own).get(folded)
    if known:
        return known
    parts = [part for part in folded.split() if part not in _TITLES] or folded.split()
    return " ".join(_sounds(part) for part in parts)


def _fold(name: str) -> str:
    """Lower case, no accents, no possessive, hyphens and apostrophes gone."""
    flat = unicodedata.normalize("NFKD", name).replace("’", "'").lower().strip()
    flat = "".join(c for c in flat if not unicodedata.combining(c)).removesuffix("'s")
    cut = re.sub(r"[^\w\s-]", "", flat).replace("-", " ")
    return " ".join(cut.split())


def _sounds(part: str) -> str:
    if _ARTICLE.match(part):
        return "al"
    if len(part) < 4 and not part.endswith("y"):
        return part
    ending = ""
    if part.endswith(("oy", "oi")):
        part, ending = part[:-2], "oi"
    elif part.endswith(("yy", "ii", "iy", "ij", "y", "i")):
        part, ending = part.rstrip("yij"), "i"
    for old, new in _VOWELS:
        part = part.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", part) + ending
