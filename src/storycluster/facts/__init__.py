"""Which facts does a text state: numbers, dates, quotes, names?

Plain pattern matching, precise before complete: what is not clearly a fact is left out. Spans are
half-open code point offsets into the string that was given.
"""

from __future__ import annotations

from storycluster.facts.dates import DateMention, dates, may_agree
from storycluster.facts.names import Name, name_key, names
from storycluster.facts.quantities import Quantity, quantities
from storycluster.facts.quotes import Quote, quotes

__all__ = [
    "DateMention",
    "Name",
    "Quantity",
    "Quote",
    "dates",
    "may_agree",
    "name_key",
    "names",
    "quantities",
    "quotes",
]
