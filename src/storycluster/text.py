"""What are the words and the names of a text, in any script?

Everything here is total: any str has an answer, lone surrogates and NUL included. `normalise`,
`words` and `shingle_units` are for measuring and lose offsets; `name_spans` gives half-open code
point offsets into the string it was given.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

# Scripts written without spaces between words: Thai, Lao, Myanmar, Khmer, Kana, Han.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f\u3005\u3007\u3041-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af"
)


def _marks() -> str:
    """Regex class ranges of the combining marks of the BMP: `re` leaves them out of \\w, which
    would cut Hindi and vocalised Arabic words into letters."""
    codes = {c for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M"}
    starts = sorted(c for c in codes if c - 1 not in codes)
    ends = sorted(c for c in codes if c + 1 not in codes)
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))


def _set(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


_MARKS = _marks()
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_WORD = re.compile(
    rf"(?P<spaceless>[{_SPACELESS}]+)"
    r"|(?P<number>(?<![^\W_])\d+(?:[.,]\d+)+(?![^\W_]))"
    r"|(?P<acronym>(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?)"
    rf"|(?P<word>(?:(?![{_SPACELESS}]){_LETTER})+(?:'(?:(?![{_SPACELESS}]){_LETTER})+)*)"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ELISIONS = _set("c d j l m n s t qu jusqu lorsqu puisqu dell nell all sull un")
_HAS_SPACELESS = re.compile(f"[{_SPACELESS}]")

_FOLD = {ord(c): "'" for c in "‘’‚‛′`´ʼʻ"}
_FOLD |= {ord(c): '"' for c in "“”„‟«»″「」『』"}
_FOLD |= {ord(c): "-" for c in "‐‑‒–—―−﹘﹣－"}
_FOLD |= dict.fromkeys(
    [0xAD, 0x640, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)], ""
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The same text, of the same length, with U+FFFD for each lone surrogate."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _repair(text: str) -> str:
    """Undo mojibake ("cafÃ©"): only where a text shows its marks, for ftfy is not cheap."""
    import ftfy.badness

    return ftfy.fix_encoding(text) if ftfy.badness.is_bad(text) else text


def normalise(text: str) -> str:
    """The form in which two texts are compared: mojibake repaired, NFKC, quotes, dashes and spaces
    folded, invisible characters dropped, case folded. Offsets are lost."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", _repair(without_surrogates(text)).translate(_FOLD))
    folded = unicodedata.normalize("NFKC", plain.translate(_FOLD).casefold())
    return " ".join(folded.replace("i\u0307", "i").split())


def _ascii_digits(token: str) -> str:
    if token.isascii():
        return token
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token)


def _cut(match: re.Match[str]) -> list[str]:
    """Tokens of one match: 1,200 -> 1200; u.s. -> us; syria's -> syria; l'état -> l, état."""
    token = match.group()
    if match.lastgroup == "number":
        token = _ascii_digits(token)
        return [token.replace(",", "") if _THOUSANDS.fullmatch(token) else token]
    if match.lastgroup == "acronym":
        return [token.replace(".", "")]
    head, _, tail = token.partition("'")
    if not tail:
        return [_ascii_digits(token)]
    if head in _ELISIONS and len(tail) > 1:
        return [head, tail.replace("'", "")]
    return [token.removesuffix("'s").replace("'", "")]


def _tokens(text: str) -> list[tuple[list[str], bool]]:
    """Tokens of each run of the normalised text, and whether the run is of a spaceless script."""
    runs: list[tuple[list[str], bool]] = []
    for match in _WORD.finditer(normalise(text)):
        spaceless = match.lastgroup == "spaceless"
        runs.append((list(match.group()) if spaceless else _cut(match), spaceless))
    return runs


def words(text: str) -> list[str]:
    """Normalised word tokens in order. Hyphenated words are cut, possessive 's goes, numbers stay
    whole; runs of scripts without spaces become overlapping character bigrams."""
    found: list[str] = []
    for tokens, spaceless in _tokens(text):
        if spaceless and len(tokens) > 1:
            found.extend(a + b for a, b in itertools.pairwise(tokens))
        else:
            found.extend(tokens)
    return found


def shingle_units(text: str) -> tuple[list[str], bool]:
    """(units, is_spaceless): what shingles are made of. `is_spaceless` where most letters belong to
    scripts without spaces: then each such character is a unit, and embedded words stay whole."""
    runs = _tokens(text)
    bare = sum(len(tokens) for tokens, spaceless in runs if spaceless)
    spaced = sum(len(token) for tokens, spaceless in runs if not spaceless for token in tokens)
    if bare > spaced:
        return [token for tokens, _ in runs for token in tokens], True
    return words(text) if bare else [token for tokens, _ in runs for token in tokens], False


def is_spaceless(text: str) -> bool:
    """Whether most letters of the text belong to scripts written without spaces."""
    if text.isascii():
        return False
    bare = len(_HAS_SPACELESS.findall(text))
    return bare > 0 and 2 * bare > sum(map(str.isalnum, text))


# --- names -------------------------------------------------------------------------------------

_PARTICLES = _set(
    "al el as ad ar at ash bin ibn bint abu ben de del della di da do dos das du des la le "
    "las los van von der den ter zu zur of y e und et"
)
_OUTER = _set("of y e und et")  # join names, never begin one
_FUNCTION = _set(
    "a an the this that these those he she it we they i you his her its our their my your who "
    "what when where why how which whose there here in on at by for from to with without of "
    "as but and or nor so yet if while after before since until although though because "
    "despite during under over about against among between through following according both "
    "all some many most more several few no not none one two three four five six seven eight "
    "nine ten another other each every any only even still also just now then thus today "
    "yesterday tomorrow tonight earlier later meanwhile however moreover instead elsewhere "
    "nevertheless last next first second third new old mr mrs ms mx sir dr el la los las un "
    "una en de por para con le les une des dans pour sur avec il elle der die das ein eine im "
    "am und mit auf bei er sie es wir o os as um uma no na em eu ele ela в на и с по за он "
    "она они это что как не но из yes let do does did can could may might must shall should "
    "will would have has had is are was were be been dont its"
)
_DAYS_MONTHS = _set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs "
    "fri sat sun january february march april may june july august september october november "
    "december jan feb mar apr jun jul aug sep sept oct nov dec gmt am pm est edt pst utc"
)
_AFTER_NAME = _set(
    "said says say has had have is was will would told tells added adds also backs backed "
    "wants who whose which launched began announced agreed denied called confirmed warned "
    "accused reported reports did does can could may might must should asked argued claimed "
    "wrote believes won lost died became made took signed plans"
)
_TOKEN = re.compile(rf"(?:[^\W\d_]\.){{2,}}|{_LETTER}+(?:['’]{_LETTER}+|[-‐‑](?:{_LETTER})+)*")
_ABBREVIATED = _set(
    "mr mrs ms dr prof lt gen col sgt capt cpl maj cmdr adm brig sen rep gov rev hon st mt ft"
)
_BEGINS = re.compile(r"(?:^|[.!?:;]\s*|[(\[]|(?:^|\s)[\"“‘'«„])[\s\"“‘'«„(\[-]*$")
_POSSESSIVE = re.compile(r"['’]s?$")


def name_spans(sentence: str) -> list[tuple[int, int]]:
    """Spans of what looks like names, in order, disjoint: runs of capitalised words with their
    particles ("Bashar al-Assad", "University of Texas") and acronyms. Days and months are none; a
    capital at the start of a sentence counts only with a second sign. A heuristic for cased
    scripts; a sentence all in capitals has no answer."""
    tokens = [match.span() for match in _TOKEN.finditer(sentence)]
    letters = [sentence[start:end] for start, end in tokens]
    capital = [_is_capital(token) for token in letters]
    if sentence.isupper() or not any(capital):
        return []
    if len(tokens) >= 4 and _is_headline_case(letters, capital):
        capital = [c and t.lower() not in _FUNCTION for c, t in zip(capital, letters, strict=True)]
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        if not capital[index]:
            index += 1
            continue
        last = _run_end(sentence, tokens, capital, index)
        first = _run_start(sentence, tokens, index, last)
        while last >= first and _plain(letters[last]) in _DAYS_MONTHS:
            last -= 1
        if first <= last:
            found.append((tokens[first][0], _end(sentence, tokens[last])))
        index = max(last, index) + 1
    return found


def _is_headline_case(letters: list[str], capital: list[bool]) -> bool:
    long = [c for token, c in zip(letters, capital, strict=True) if len(token) > 3]
    return len(long) >= 4 and sum(long) >= 0.8 * len(long)


def _plain(token: str) -> str:
    return _POSSESSIVE.sub("", token).rstrip(".").lower()


def _end(sentence: str, token: tuple[int, int]) -> int:
    found = _POSSESSIVE.search(sentence[token[0] : token[1]])
    return token[0] + found.start() if found else token[1]


def _is_capital(token: str) -> bool:
    """Whether a token is written as a name: Aleppo, US, al-Bab, d'Estaing, iPhone is not."""
    if token[0].isupper() or token[0].istitle():
        return True
    head, dash, tail = token.replace("’", "-").replace("'", "-").partition("-")
    return bool(dash) and len(head) <= 4 and head in _PARTICLES | {"d"} and tail[:1].isupper()


def _run_end(sentence: str, tokens: list[tuple[int, int]], capital: list[bool], index: int) -> int:
    """Index of the last token of the run of capitalised words that begins at `index`."""
    last = index
    while last + 1 < len(tokens) and last - index < 12:
        reach = last + 1
        while reach < len(tokens) and reach <= last + 2 and not capital[reach]:
            if sentence[slice(*tokens[reach])] not in _PARTICLES:
                return last
            reach += 1
        if reach >= len(tokens) or not capital[reach]:
            return last
        for left in range(last, reach):
            if not _joins(sentence, tokens[left], tokens[left + 1]):
                return last
        last = reach
    return last


def _joins(sentence: str, left: tuple[int, int], right: tuple[int, int]) -> bool:
    """Whether nothing but a space joins two words of one name (or "Lt. ", "V. ", "al- ")."""
    gap, before = sentence[left[1] : right[0]], sentence[slice(*left)]
    if before.endswith(("'s", "’s")):
        return False
    if gap == ". ":
        return len(before) == 1 or before.lower() in _ABBREVIATED
    return gap in (" ", "\u00a0") or (gap in ("- ", "-") and before.lower() in _PARTICLES)


def _run_start(sentence: str, tokens: list[tuple[int, int]], first: int, last: int) -> int:
    """Index where the name in tokens [first..last] begins; last + 1 where there is none."""
    begins = bool(_BEGINS.search(sentence[max(0, tokens[first][0] - 6) : tokens[first][0]]))
    while first <= last:
        word = _plain(sentence[slice(*tokens[first])])
        weak = (
            begins and word.endswith(("ly", "ing")) and word not in ("beijing", "boeing", "italy")
        )
        original = sentence[slice(*tokens[first])]
        acronym = len(word) > 1 and original.isupper() and not begins
        if (word in _FUNCTION and not acronym) or word in _DAYS_MONTHS or weak:
            first += 1
            begins = False
            while first <= last and not _is_capital(sentence[slice(*tokens[first])]):
                first += 1
            continue
        if begins and first == last and not _is_sure(sentence, tokens, first):
            return last + 1
        return first
    return first


def _is_sure(sentence: str, tokens: list[tuple[int, int]], index: int) -> bool:
    """Whether a single capitalised word that begins a sentence is a name by another sign."""
    start, end = tokens[index]
    token = sentence[start:end]
    if sum(map(str.isupper, token)) > 1 or token.endswith(("'s", "’s")) or "-" in token:
        return True
    after = sentence[slice(*tokens[index + 1])] if index + 1 < len(tokens) else ""
    if after in _AFTER_NAME:
        return True
    if after == "and" and index + 2 < len(tokens):
        return sentence[tokens[index + 2][0]].isupper()
    return bool(re.search(rf"(?<!\w){re.escape(token)}(?!\w)", sentence[end : end + 400]))
