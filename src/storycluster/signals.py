"""What does a wire say of an article beside its text: killed, corrected, updated?

From the extras that every input format keeps (`pub_status`, `signals`, `editorial_note`) and from
the tag that a desk puts before a headline.
"""

from __future__ import annotations

import json
import re

from storycluster.domain import Article

CANCELED = "canceled"
KILL = "kill"

# A tag of a desk, as it stands before a headline -> the signal. A tag is in capitals and ends with
# a colon or a hyphen: "Kill Bill returns" is a headline.
_TAGS = {
    r"(?:MANDATORY )?KILL": KILL,
    r"WITHDRAWN|WITHDRAWAL": KILL,
    r"CORRECTED|CORRECTION": "correction",
    r"REFILE": "refile",
    r"UPDATE \d+": "update",
    r"WRAPUP \d+": "wrapup",
    r"RPT|REPEAT": "repeat",
    r"\d+(?:st|nd|rd|th) (?:LD-)?WRITETHRU": "writethru",
}
_TAG = re.compile(
    r"\s*(?:" + "|".join(f"({pattern})" for pattern in _TAGS) + r")(?:\s?:|-|\s-)\s*(?=\S)"
)
_NAMES = tuple(_TAGS.values())


def signals(article: Article) -> tuple[str, ...]:
    """What is said of it, each once: codes of the wire in their order, then tags of the headline
    ("CORRECTED: UPDATE 2-Mill burns": correction, update)."""
    return tuple(dict.fromkeys([*_coded(article), *_tagged(article.title)]))


def canceled(article: Article) -> bool:
    """Whether its source says for a program that it is withdrawn."""
    return _extra(article, "pub_status") == CANCELED or KILL in _coded(article)


def killed(article: Article) -> bool:
    """Whether its source says so, or the tag of the headline, which is one only before a headline
    of an article that is known already."""
    return canceled(article) or KILL in _tagged(article.title)


def reason(article: Article) -> str:
    """Why a killed article is withdrawn, in its source's words."""
    note = _extra(article, "editorial_note")
    return note if isinstance(note, str) and note.strip() else f"{CANCELED} by its source"


def _tagged(title: str) -> list[str]:
    found, rest = [], title
    while tag := _TAG.match(rest):
        found.append(_NAMES[int(tag.lastindex or 1) - 1])
        rest = rest[tag.end() :]
    return found


def _coded(article: Article) -> list[str]:
    codes = _extra(article, "signals")
    return [code for code in codes if isinstance(code, str)] if isinstance(codes, list) else []


def _extra(article: Article, name: str) -> object:
    """The value under a name; None where there is none, or it is no JSON."""
    try:
        return json.loads(article.extras.get(name, "null"))
    except ValueError:
        return None
