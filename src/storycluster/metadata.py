"""What does the text itself say about who wrote it, where, when, and whose it is?

A photo credit is no text credit. A time without a zone is known to the day. A "last updated" line
is never a publication time, nor is a date below the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from storycluster.domain import TimePrecision

_MONTH_NAMES = (
    "jan january januar janvier enero ene janeiro gennaio январь января",
    "feb february februar février febrero fevereiro febbraio февраль февраля",
    "mar march märz mars marzo março март марта",
    "apr april avril abril abr aprile апрель апреля",
    "may mai mayo maio maggio май мая",
    "jun june juni juin junio junho giugno июнь июня",
    "jul july juli juillet julio julho luglio июль июля",
    "aug august août agosto ago август августа",
    "sep sept september septembre septiembre setembro settembre сентябрь сентября",
    "oct october oktober octobre octubre outubro ottobre октябрь октября",
    "nov november novembre noviembre novembro ноябрь ноября",
    "dec december dezember décembre diciembre dezembro dicembre декабрь декабря",
)
_MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lunes|martes|miércoles|jueves"
    r"|viernes|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
)
_DATE = re.compile(
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|º|er|\.)?(?: de)? (?P<m1>{_MONTH})(?: de)?,? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"
    r"|(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d)|(?P<y4>\d{4})年(?P<m4>\d{1,2})月(?P<d4>\d{1,2})日",
    re.IGNORECASE,
)
_ZONES = {"gmt": 0, "utc": 0, "z": 0, "bst": 60, "cet": 60, "cest": 120, "msk": 180, "edt": -240}
_ZONES |= {
    "est": -300,
    "cdt": -300,
    "cst": -360,
    "mdt": -360,
    "mst": -420,
    "pdt": -420,
    "pst": -480,
}
_ZONES |= {"et": -300, "pt": -480, "jst": 540, "kst": 540, "aest": 600}
# "ET" and "PT" do not say whether summer time holds: they name a zone, not an offset.
_CLOCK = re.compile(
    r"(?<!\d)(?P<h>[01]?\d|2[0-3])[:.h](?P<m>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r" ?(?P<half>[ap]\.?m\.?)? ?(?P<zone>z\b|gmt\b|utc\b|[a-z]{2,4}\b|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_TIME_REST = re.compile(
    rf"\b(?:{_WEEKDAY})\b\.?|\b(?:published|posted|publication date|first published|publicado"
    r"|publié|veröffentlicht|date|time|on|at|am|um|el|le|à|vom|den|uhr|a las|updated|created|issued"
    r"|last|gmt|utc|bst|cet|cest|msk|e[sd]?t|c[sd]t|m[sd]t|p[sd]?t|jst|ist|eastern|local)\b"
    r"|\b\d{4}\b|[^\w]+|\b[ap]m\b",
    re.IGNORECASE,
)
_LABEL_UPDATED = re.compile(r"\b(?:updated?|modified|accessed|actualizado|mis à jour)\b", re.I)

_BYLINE = re.compile(
    r"(?:(?:written |reported |story )?by|por|par|von|di|автор:?)[: ]+(?P<who>\S.{2,80})",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:source|sources|fuente|quelle|fonte|источник|出典)\s*[::]\s*(?P<who>\S.{1,80})",
    re.IGNORECASE,
)
_REPRINT = re.compile(
    r"(?:(?:this|the above) (?:article|story|piece|report|post) (?:has been |was |is |first )?)?"
    r"(?:re(?:printed|published|produced) (?:here )?"
    r"(?:with (?:the )?(?:kind )?permission (?:of|from)|from)"
    r"|originally (?:published|appeared) (?:in|on|at|by)|first (?:published|appeared) (?:in|on|at)"
    r"|courtesy of|syndicated (?:from|by))\s+(?P<who>[^,;.\n]{2,80})",
    re.IGNORECASE,
)
_BASED = re.compile(
    r"\(?(?:based on reporting by|with reporting (?:by|from)|additional reporting (?:by|from)"
    r"|with (?:files|material|information) from|with additional reporting (?:by|from)"
    r"|includes reporting by|contains information from)\s+(?P<who>[^\n]{2,120}?)[.)]*$",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r".{3,200} contributed (?:to this (?:report|story|article|post)|reporting)\b[\w ]{0,40}\.?",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"\((?:additional )?(?:reporting|writing|editing|compiled) by [^()]+\)\.?", re.IGNORECASE
)
_REPORTED = re.compile(
    r"(?:(?:AP|Associated Press|Reuters) )?[A-Z][\w.'’-]+(?:,? (?:and )?[A-Z][\w.'’-]+){0,8}"
    r" reported from [A-Z][\w .,]{2,100}"
    r"|(?:AP|Associated Press|Reuters) [Ww]riters? [A-Z].{3,120} contributed\.?"
)
_PUBLISHER = re.compile(
    r"(?:[Pp]ublisher\s*:?|[Aa]gency\s*:|[Pp]rovider\s*:)\s+(?P<who>[A-Z]\S.{1,80})"
)
_AGENCIES = {
    "reuters": "reuters thomsonreuters", "ap": "associatedpress apnews", "upi": "upi",
    "associated press": "associatedpress apnews", "afp": "afp agencefrancepresse", "cnn": "cnn",
    "bbc": "bbc", "xinhua": "xinhua", "dpa": "dpa", "efe": "efe", "tass": "tass", "ans": "ansa",
    "bloomberg": "bloomberg", "the canadian press": "canadianpress", "pti": "pti", "ians": "ians",
    "press association": "pressassociation", "pa": "pressassociation", "ap photo": "",
}  # fmt: skip
_DATELINE = re.compile(
    rf"(?:(?P<place>(?!(?i:{_MONTH}) \d)[^\W\d_][\w.'’\- ]{{1,40}}"
    rf"(?:, (?!(?i:{_MONTH}) \d)[^\W\d_][\w.'’\- ]{{1,30}}){{0,2}}?)(?:, |,? (?=\()|\s+))?"
    rf"(?:(?P<month>(?i:{_MONTH})) (?P<day>\d{{1,2}}),?(?: (?P<year>\d{{4}}),?)?\s*)?"
    r"\((?P<agency>[A-Z][\w./ ]{1,30})\)\s*(?P<dash>--?|[—–:])?\s*"
)
_PLACE_ONLY = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’\-]{2,20}(?: [A-ZÀ-Þ][A-ZÀ-Þ.'’\-]{1,20}){0,3}"
    r"(?:, [A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20}){0,2}){0,2})"
    rf"(?:,? (?P<month>(?i:{_MONTH})) (?P<day>\d{{1,2}}),?)?(?:\s*(?:--|[—–])\s*|\s+-\s+)(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the text states of itself; "" or None where it does not.

    `publish_day` is "--MM-DD" where a dateline names a day but no year. `credit_reason` says which
    words made this a hosted copy, or whence the credit is.
    """

    headline: str = ""
    byline: str = ""
    dateline_place: str = ""
    publish_time: datetime | None = None
    publish_precision: TimePrecision = TimePrecision.UNKNOWN
    credit: str = ""
    is_hosted_copy: bool = False
    credit_reason: str = ""
    publish_day: str = ""


@dataclass(frozen=True, slots=True)
class Dateline:
    """What stands before the first sentence: `end` is where that begins, from the line's start."""

    end: int
    place: str
    agency: str
    day: str


def read_time(line: str) -> tuple[datetime, TimePrecision] | None:
    """The time a line states: exact with clock and zone, else midnight UTC of the day; None if no
    full date stands there."""
    line = line[:300]
    found = _DATE.search(line)
    if not found:
        return None
    year, month, day = (next(v for k in "1234" if (v := found[f"{p}{k}"])) for p in "ymd")
    number = int(month) if month.isdigit() else _MONTHS[month.lower().rstrip(".")]
    if not 1600 <= int(year) <= 9000:
        return None
    try:
        date = datetime(int(year), number, int(day), tzinfo=UTC)
    except ValueError:
        return None
    rest = line[: found.start()] + " " + line[found.end() :].removeprefix("T")
    clock = _CLOCK.search(rest)
    offset = _offset(clock["zone"]) if clock else None
    if clock is None or offset is None:
        return date, TimePrecision.DAY
    hour = int(clock["h"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"][0] in "pP" else 0)
    local = date.replace(
        hour=hour, minute=int(clock["m"]), tzinfo=timezone(timedelta(minutes=offset))
    )
    return local.astimezone(UTC), TimePrecision.EXACT


def _offset(zone: str | None) -> int | None:
    """Minutes east of UTC; None where the zone is not stated or does not fix them."""
    if not zone:
        return None
    if zone[0] in "+-":
        sign = -1 if zone[0] == "-" else 1
        minutes = int(zone[1:3]) * 60 + int(zone[-2:])
        return sign * minutes if minutes < 24 * 60 else None
    return None if zone.lower() in ("et", "pt") else _ZONES.get(zone.lower())


def is_time_line(line: str) -> bool:
    """Whether a line says a date, perhaps a time, and nothing else but a label."""
    if len(line) > 100 or not any(map(str.isdigit, line)):
        return False
    rest, dates = _DATE.subn(" ", line)
    rest = _CLOCK.sub(" ", rest)
    return dates > 0 and len(_TIME_REST.sub("", rest)) <= 3


def read_byline(line: str) -> str:
    """The author a line names ("By Jane Doe"), or ""."""
    found = _BYLINE.fullmatch(line) if len(line) <= 100 else None
    if not found or (line.endswith((".", "!", "?")) and not re.search(r"\b[A-Z]\.$", line)):
        return ""
    names = re.findall(r"[^\W\d_][\w.'’-]*", found["who"])
    capital = sum(w[0].isupper() for w in names)
    return found["who"].strip(" ,|-") if capital >= 1 and capital >= 0.6 * len(names) else ""


def read_dateline(line: str) -> Dateline | None:
    """The dateline a line begins with ("LONDON (Reuters) - ", "Jan. 19 (UPI) -- "), or None."""
    head = line[:160]
    found = _DATELINE.match(head)
    if found and _is_agency(found) and _is_place(found["place"]):
        day = _day(found["month"], found["day"])
        return Dateline(found.end(), (found["place"] or "").strip(), found["agency"], day)
    found = _PLACE_ONLY.match(head)
    if found and len(line) > found.end() + 20:
        return Dateline(found.end(), found["place"], "", _day(found["month"], found["day"]))
    return None


def _is_agency(found: re.Match[str]) -> bool:
    name, place = found["agency"].lower().split("/")[0].strip(), found["place"] or ""
    if place and not found["dash"]:
        return False
    return name in _AGENCIES or bool(found["dash"] and (place.isupper() or found["month"]))


def _is_place(place: str | None) -> bool:
    """Whether every word is capitalised: "Police (AP) - " may be, "said the (AP)" is not."""
    return not place or all(word[0].isupper() for word in place.split() if word[0].isalpha())


def _day(month: str | None, day: str | None) -> str:
    if not month or not day or not 1 <= int(day) <= 31:
        return ""
    return f"--{_MONTHS[month.lower().rstrip('.')]:02d}-{int(day):02d}"


def credit_rule(line: str) -> str:
    """ "credit" or "publisher" where a line only says whose text this is, else ""."""
    if len(line) > 240:
        return ""
    whole = (_SOURCE, _CONTRIBUTED, _DESK, _REPORTED)
    if _BASED.match(line) or any(form.fullmatch(line) for form in whole):
        return "credit"
    if _REPRINT.match(line) and len(line.split()) <= 30:
        return "credit"
    return "publisher" if len(line) <= 80 and _PUBLISHER.fullmatch(line) else ""


def is_same_outlet(credit: str, source: str) -> bool:
    """Whether a credit ("CNN", "AP") names the source (outlet and url) the article came from."""
    plain = re.sub(r"\W", "", source.lower())
    aliases = _AGENCIES.get(credit.lower().split("/")[0].strip(), "").split()
    names = [re.sub(r"\W", "", credit.lower()), *aliases]
    return any(name in plain for name in names if name)


def read_stated(
    header: Sequence[str],
    lines: Sequence[str],
    *,
    headline: str,
    outlet: str,
    dateline: Dateline | None,
    source: str,
) -> Stated:
    """What the text states. `header`: the lines above the first paragraph; `lines`: all of them;
    `outlet`: a publisher's name that stands above and below the headline."""
    stated = Stated(headline=headline)
    for line in header:
        if not stated.byline and (who := read_byline(line)):
            stated = replace(stated, byline=who)
        if stated.publish_time is None and is_time_line(line) and not _LABEL_UPDATED.search(line):
            found = read_time(line)
            if found:
                stated = replace(stated, publish_time=found[0], publish_precision=found[1])
    if dateline:
        stated = replace(stated, dateline_place=dateline.place, publish_day=dateline.day)
    credit, hosted, reason = _credit(lines, outlet=outlet, dateline=dateline, source=source)
    return replace(stated, credit=credit, is_hosted_copy=hosted, credit_reason=reason)


def _credit(
    lines: Sequence[str], *, outlet: str, dateline: Dateline | None, source: str
) -> tuple[str, bool, str]:
    """(credit, is a hosted copy, reason). Whose reporting it is comes before whose permission, that
    before a source line, a publisher block, an outlet line and the agency of a dateline."""
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        if len(line) > 300:
            continue
        for kind, match in _credit_matches(line):
            found.setdefault(kind, (match["who"].strip(" ."), match.group().strip()))
    if outlet:
        found["outlet"] = (outlet, f"outlet line: {outlet}")
    marks = [found[k] for k in ("reprint", "source", "publisher", "outlet") if k in found]
    foreign = [mark for mark in marks if not (source and is_same_outlet(mark[0], source))]
    credit = [found[k] for k in ("based",) if k in found] + marks
    if not credit and dateline and dateline.agency:
        known = dateline.agency.lower().split("/")[0].strip() in _AGENCIES
        wire = known and bool(source) and not is_same_outlet(dateline.agency, source)
        return dateline.agency, wire, f"dateline: ({dateline.agency})"
    if not credit:
        return "", False, ""
    return credit[0][0], bool(foreign), (foreign or credit)[0][1]


def _credit_matches(line: str) -> list[tuple[str, re.Match[str]]]:
    """Which credit a line gives, with the group `who`; a copyright notice may hold a permission."""
    tried = [
        ("based", _BASED.match(line)),
        ("source", _SOURCE.fullmatch(line)),
        ("reprint", _REPRINT.search(line) if "opyright" in line[:40] else _REPRINT.match(line)),
        ("publisher", _PUBLISHER.fullmatch(line) if len(line) <= 80 else None),
    ]
    return [(kind, match) for kind, match in tried if match]
