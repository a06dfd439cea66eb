"""Does a stretch of text only lead over to what somebody says?

"Corker fired back minutes later." and "The latest poll showed:" tell nothing by themselves: of an
independent report they are no news.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from storycluster.alignment import is_telling, stems
from storycluster.text import words


def _listed(text: str) -> frozenset[str]:
    return frozenset(stems(words(text)))


_SPEAKS = _listed(
    """
    added announced answered argued asked began commented concluded continued declared
    explained fired insisted joked noted posted quipped reacted read recalled remarked
    replied reported responded retorted shot showed spoke stated testified thundered
    tweeted writes wrote back say says said told speaking asking writing tweeting
    telling
    """
)
_WHERE = _listed(
    """
    account address afternoon book comment conference day email evening facebook
    following hearing hour interview latest letter media memo message minute moment
    morning news night opening poll post press remarks reporter reporters response
    shortly social soon speech statement study subsequent television thread tweet
    twitter week
    """
)
_TITLES = _listed(
    """
    attorney chairman chairwoman chief congressman congresswoman director executive
    former general governor house judge justice lawyer leader mayor minister minority
    majority officer official president prime professor republican democrat rep
    secretary sen senator sheriff speaker spokesman spokesperson spokeswoman white state
    """
)
_EMPTY = _SPEAKS | _WHERE | _TITLES
_BEFORE_COLON = 2  # telling words beyond these that a lead may have before a colon
_QUOTED = re.compile(r"[\"“”«»]\w|\w[,.!?]?[\"“”«»]")


def leads_over(text: str, names: Collection[str]) -> bool:
    """Whether beside words of `names`, lower-case, it has no more than a verb of saying, when,
    where and as what; or, before a colon, next to nothing else. Never what is itself a quote."""
    if _QUOTED.search(text):
        return False
    said = [stem for word in words(text) if word not in names for stem in stems([word])]
    said = [stem for stem in said if is_telling(stem)]
    if any(stem[0].isdigit() for stem in said):
        return False
    rest = sum(stem not in _EMPTY for stem in said)
    if text.endswith(":"):
        return rest <= _BEFORE_COLON
    return not rest and any(stem in _SPEAKS for stem in said)
