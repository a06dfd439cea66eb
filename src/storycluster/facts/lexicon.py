"""Which words are numbers, units, and kinds of things that are counted?

Tables only. Units carry the factor to the base unit of their dimension, so that miles and
kilometres can be compared; nouns that news uses for the same counted thing share one lemma.
"""

from __future__ import annotations

SMALL: dict[str, int] = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS: dict[str, int] = {
    word: 10 * (place + 2)
    for place, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    )
}
SCALES: dict[str, int] = {
    "hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9,
    "trillion": 10**12, "mln": 10**6, "bln": 10**9,
}  # fmt: skip
SHORT_SCALES: dict[str, int] = {
    "k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12,
}  # fmt: skip
ORDINALS: dict[str, int] = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        start=1,
    )
}

CURRENCY_SIGNS: dict[str, str] = {
    "$": "usd", "£": "gbp", "€": "eur", "¥": "yen", "₹": "inr", "₽": "rub", "₺": "try", "₩": "krw",
}  # fmt: skip
CURRENCY_PREFIXES: dict[str, str] = {"us": "usd", "c": "cad", "a": "aud", "hk": "hkd", "nz": "nzd"}
CURRENCY_WORDS: dict[str, str] = {
    "dollar": "usd", "dollars": "usd", "euro": "eur", "euros": "eur", "yen": "yen", "yuan": "cny",
    "rouble": "rub", "roubles": "rub", "ruble": "rub", "rubles": "rub", "rupee": "inr",
    "rupees": "inr", "peso": "peso", "pesos": "peso", "lira": "try", "franc": "chf",
    "francs": "chf", "usd": "usd", "eur": "eur", "gbp": "gbp", "cents": "cent", "cts": "cent",
    "dlr": "usd", "dlrs": "usd", "stg": "gbp", "marks": "dem",
}  # fmt: skip

# word -> (unit, dimension, factor to the base unit of the dimension)
UNITS: dict[str, tuple[str, str, float]] = {}


def _unit(unit: str, dimension: str, factor: float, forms: str) -> None:
    for form in forms.split():
        UNITS[form] = (unit, dimension, factor)


_unit("kilometre", "distance", 1000.0, "kilometre kilometres kilometer kilometers km kms")
_unit("metre", "distance", 1.0, "metre metres meter meters")
_unit("centimetre", "distance", 0.01, "centimetre centimetres centimeter centimeters cm")
_unit("mile", "distance", 1609.344, "mile miles mi")
_unit("yard", "distance", 0.9144, "yard yards")
_unit("foot", "distance", 0.3048, "foot feet ft")
_unit("inch", "distance", 0.0254, "inch inches")
_unit("kilogram", "mass", 1.0, "kilogram kilograms kilo kilos kg kgs")
_unit("pound", "mass", 0.45359237, "pound pounds lb lbs")
_unit("tonne", "mass", 1000.0, "tonne tonnes")
_unit("ton", "mass", 1000.0, "ton tons")
_unit("hectare", "area", 1e4, "hectare hectares ha")
_unit("acre", "area", 4046.856, "acre acres")
_unit("second", "duration", 1.0, "seconds")
_unit("minute", "duration", 60.0, "minute minutes")
_unit("hour", "duration", 3600.0, "hour hours")
_unit("day", "duration", 86400.0, "day days")
_unit("week", "duration", 604800.0, "week weeks")
_unit("month", "duration", 2629746.0, "month months")
_unit("year", "duration", 31556952.0, "year years")
_unit("decade", "duration", 315569520.0, "decades")
_unit("mile per hour", "speed", 1.609344, "mph")
_unit("kilometre per hour", "speed", 1.0, "kph kmh")
_unit("degree", "temperature", 1.0, "degree degrees")
_unit("barrel", "barrels", 1.0, "barrel barrels")
_unit("watt", "power", 1.0, "watt watts")
_unit("megawatt", "power", 1e6, "megawatt megawatts mw")
_unit("gigawatt", "power", 1e9, "gigawatt gigawatts gw")

IRREGULAR: dict[str, str] = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "lives": "life",
    "aircraft": "aircraft", "police": "police", "policemen": "officer", "troops": "soldier",
    "bodies": "person", "servicemen": "soldier", "dead": "person",
    "killed": "person", "deaths": "person",
    "fatalities": "person", "casualties": "casualty", "injured": "person", "wounded": "person",
    "injuries": "person", "persons": "person", "individuals": "person", "percent": "percent",
    "crises": "crisis", "wives": "wife", "knives": "knife", "thieves": "thief", "leaves": "leaf",
}  # fmt: skip

# One counted thing under several names.
SAME_NOUN: dict[str, str] = {
    "jet": "aircraft", "plane": "aircraft", "warplane": "aircraft", "airplane": "aircraft",
    "aeroplane": "aircraft", "fatality": "person", "death": "person", "human": "person",
    "kid": "child", "infant": "baby", "automobile": "car", "blaze": "fire", "wildfire": "fire",
    "trooper": "soldier", "fighter": "fighter", "terrorist": "militant", "insurgent": "militant",
    "pupil": "student", "cop": "officer", "digger": "excavator",
}  # fmt: skip

STATES: dict[str, str] = {}
for _state, _forms in {
    "dead": "killed dead died dies die deaths death fatalities fatally kill kills killing slain "
    "murdered perished drowned bodies",
    "injured": "injured wounded hurt injuries injuring wounding injures wounds injury",
    "arrested": "arrested detained arrests custody",
    "missing": "missing unaccounted",
    "displaced": "displaced evacuated fled evacuees homeless",
    "infected": "infected infections cases sickened ill",
    "hospital": "hospitalized hospitalised hospital hospitals",
    "rescued": "rescued saved freed released survivors survived",
    "charged": "charged indicted convicted sentenced",
}.items():
    STATES.update(dict.fromkeys(_forms.split(), _state))

# What players and teams collect: each has its own, and a report gives many of them.
PLAYED = frozenset(
    [
        *("point", "yard", "touchdown", "carry", "rebound", "assist", "catch", "reception"),
        *("goal", "hit", "run", "win", "loss", "game", "match", "season", "save", "tackle"),
        *(
            "sack",
            "shot",
            "strikeout",
            "inning",
            "penalty",
            "wicket",
            "medal",
            "title",
            "attempt",
            "time",
        ),
    ]
)

FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "your",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "to",
        "into",
        "onto",
        "over",
        "under",
        "after",
        "before",
        "since",
        "until",
        "during",
        "between",
        "among",
        "against",
        "about",
        "as",
        "and",
        "or",
        "but",
        "nor",
        "so",
        "if",
        "when",
        "while",
        "where",
        "who",
        "whom",
        "whose",
        "which",
        "what",
        "how",
        "why",
        "than",
        "then",
        "there",
        "here",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "not",
        "no",
        "it",
        "he",
        "she",
        "they",
        "we",
        "you",
        "i",
        "him",
        "them",
        "us",
        "me",
        "himself",
        "itself",
        "themselves",
        "also",
        "just",
        "only",
        "even",
        "still",
        "yet",
        "more",
        "most",
        "less",
        "least",
        "very",
        "too",
        "each",
        "every",
        "all",
        "any",
        "some",
        "such",
        "own",
        "same",
        "other",
        "another",
        "both",
        "either",
        "neither",
        "up",
        "down",
        "out",
        "off",
        "through",
        "across",
        "around",
        "near",
        "within",
        "without",
        "per",
        "because",
        "though",
        "although",
        "however",
        "meanwhile",
        "said",
        "says",
        "say",
        "saying",
        "told",
        "tells",
        "added",
        "according",
        "now",
        "ago",
        "later",
        "earlier",
        "again",
        "already",
        "including",
        "despite",
        "amid",
        "along",
        "toward",
        "towards",
        "via",
        "s",
        "t",
        "mr",
        "mrs",
        "ms",
        "dr",
        "yesterday",
        "today",
        "tomorrow",
        "tonight",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)

# Which way a length is measured: "40 metres deep" is never compared with "12 metres wide".
EXTENTS: dict[str, str] = {
    "deep": "depth", "depth": "depth", "wide": "width", "width": "width", "across": "width",
    "tall": "height", "high": "height", "height": "height", "long": "length", "length": "length",
}  # fmt: skip

# Nouns that stand before their figure and say by themselves what it counts.
GATHERED: dict[str, str] = {
    "population": "person", "attendance": "person", "crowd": "person", "audience": "person",
    "membership": "member", "workforce": "worker", "toll": "person",
}  # fmt: skip

# Words that follow a measure but are not what is measured.
NOT_COUNTED = FUNCTION_WORDS | frozenset(
    [
        "away",
        "long",
        "tall",
        "deep",
        "high",
        "wide",
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "vs",
        "versus",
        "bid",
        "ask",
    ]
)
