"""Which thresholds and limits decide, in which unit, and what measurement chose them?

Every number a decision depends on stands here and nowhere else. `Settings.digest()` names the whole
set; it is stored with each assignment.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field

from storycluster.batch_settings import ReclusterSettings, RepairSettings

LAST_REVISION = 2**31 - 1
"""The highest revision number of an article."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused, with an error that names the field."""

    text_bytes: int = 1_000_000
    """UTF-8 bytes of one text: about 170,000 words, twenty times the longest article seen."""

    title_bytes: int = 4_000
    """UTF-8 bytes of one title."""

    id_bytes: int = 512
    """UTF-8 bytes of an article id, collection or stream id."""

    field_bytes: int = 8_192
    """UTF-8 bytes of any other single field (source, url, language, credit, one author)."""

    extras: int = 128
    """Entries of `extras`."""

    authors: int = 128
    """Entries of `authors`."""

    batch_articles: int = 128
    """Articles in one batch: x39 the throughput of one a call, and no gain beyond."""

    page_size: int = 500
    """Largest page of a list; larger requests are coerced down."""


@dataclass(frozen=True, slots=True)
class TextSettings:
    """How a text is cleaned and cut."""

    lead_words: int = 80
    """Words of text that follow the title in the view `lead`."""

    embedded_words: int = 256
    """Words of text that are embedded with the title: AP .633 against .567 for 80 words (static
    encoder, benchmarks/results/encoder.md)."""

    subhead_words: int = 10
    """An unpunctuated line of at most so many words alone between paragraphs is masked. Longer ones
    were, in hand-picked news pages, mostly sentences whose full stop was lost."""

    footer_words: int = 14
    """An unpunctuated line of at most so many words below the last sentence is masked."""

    language_letters: int = 40
    """Below this many letters the language of a script that several share is not guessed."""

    language_characters: int = 2_000
    """Characters of the text from which its language is guessed."""


@dataclass(frozen=True, slots=True)
class FurnitureSettings:
    """When a line that recurs in a source's articles is furniture. The values were chosen by
    reading what they mask (benchmarks/furniture.py); under an unknown footer of 33 words below
    headlines with a lead, B-cubed F1 is .859 with learning and .796 without."""

    learned: bool = True
    """Whether lines that were learned are masked. Off: only the rules mask; counting goes on, so
    that switching on again has effect at once."""

    window: int = 200
    """Counted articles of a source that are remembered, the newest. A line is forgotten once too
    few of them hold it. About 4.6 kB an article of 790 words."""

    articles: int = 4
    """Articles of the window that must hold a line, 2 in 100. With 3, half as many lines again were
    learned in 1,857 articles (31 for 21), among them sentences that recur by chance."""

    stories: int = 3
    """Different stories these articles must have been placed in when they arrived: a quote that
    all reports of one story repeat is no furniture. As many articles that are unrelated by
    `told_share` do as well: a long footer brings briefs into one story before it is learned."""

    told_share: float = 0.2
    """Two articles of which neither tells more than this share of the long words in the other's
    headline are unrelated."""

    longest_words: int = 40
    """Words of the longest line or sentence that is counted."""

    line_words: int = 2
    """Words of the shortest line that is counted."""

    sentence_words: int = 4
    """Words of the shortest sentence inside a line that is counted: shorter ones ("He was 40.")
    recur by chance."""


@dataclass(frozen=True, slots=True)
class FingerprintSettings:
    """How near-copies are found and verified."""

    permutations: int = 126
    """p. 42 bands x 3 rows: a pair at Jaccard .5 meets in a band with probability .996."""

    bands: int = 42
    """b. Rows per band = permutations / bands."""

    shingle_words: int = 3
    """Words of one shingle, in scripts that write spaces."""

    shingle_characters: int = 5
    """Characters of one shingle, in scripts that do not."""

    min_shingles: int = 8
    """Below this many shingles a text is too short to fingerprint: only an equal normalised text
    (title and text) is a copy of it."""

    min_units: int = 12
    """A text with fewer words (characters, where no spaces are written) is fingerprinted together
    with its title: a stub says nothing without it."""

    near_copy_jaccard: float = 0.50
    """Two texts with at least this Jaccard similarity of shingle sets are near-copies."""

    near_copy_containment: float = 0.80
    """... or where this share of the smaller set is in the larger ..."""

    containment_min_shared: int = 50
    """... and at least this many shingles are shared."""

    copy_precision: float = 0.98
    """Least confidence of a verified copy: the share of verified pairs in labelled streams that
    belong to one story (benchmarks/near_copies.py)."""

    max_verified: int = 64
    """Candidates verified for one article, those with most shared bands first."""


@dataclass(frozen=True, slots=True)
class CandidateSettings:
    """Which stored articles are worth scoring."""

    lookback_days: float = 14.0
    """Days between two dated articles that may still be compared, either way."""

    decay_days: float = 90.0
    """Days after which an article counts 1/e in the document frequencies. With 30, B-cubed F1 of
    the dated development sets is .002 lower, with no decay about as here."""

    index_terms: int = 64
    """Terms of one article, those of most weight first, under which it is found."""

    max_postings: int = 1_000
    """Newest articles considered for one term: bounds the work of a common one."""

    sparse: int = 24
    """Articles taken by shared terms."""

    dense: int = 16
    """Articles taken by nearest embedding."""

    distant: int = 8
    """Articles beyond the lookback taken by shared terms, and stories of such scored: dates are
    often wrong, and some events last for weeks (newscluster, left out of training: B-cubed F1 .935
    with them, .836 without)."""

    stories: int = 12
    """Stories within the lookback scored for one article."""

    representatives: int = 16
    """Members that stand for a story in scoring: the newest, one for each reprint group."""


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """When a high score is not believed."""

    template_jaccard: float = 0.15
    """Texts that are at least this alike (independent reports reach .05, the results
    of two matches in one template .17) ..."""

    template_number_share: float = 0.5
    """... keep less than this share of each other's numbers in title and lead ..."""

    template_min_numbers: int = 10
    """... of at least this many different numbers if they are of one source (with 4, one in 25
    pairs of a page and its state a day later were taken for two issues: tolls, ages, dates) ..."""

    template_many_numbers: int = 16
    """... or of this many if they are of different sources (reports of one event on two days by two
    outlets have up to 14) ..."""

    template_gap_days: float = 0.7
    """... and were published at least this far apart (days) are issues of a template (a daily
    briefing, a market report): neither a copy nor the same story ..."""

    template_name_similarity: float = 0.3
    """... and so are those whose names are less alike than this (cosine, 0..1), on whatever day:
    the forecasts of two towns reach .2, two states of one report .6."""

    stub_title_similarity: float = 0.1
    """Stubs (briefs that name nothing of their headline: "Please check back for updates") under
    titles less alike than this (cosine) are neither copies nor one story."""

    roundup_block_words: int = 30
    """Words of the blocks of whole sentences that are asked what they have in common."""

    roundup_blocks: int = 6
    """A text of fewer blocks is too short to fall apart."""

    roundup_links: float = 0.03
    """A text is about many things if a smaller share than this (0..1) of its pairs of distant
    blocks has a telling word in common: 1 in 300 reports of one event ..."""

    roundup_links_titled: float = 0.2
    """... or this, if its headline speaks of a briefing, live updates or the like: 18 of 21 daily
    briefings of two outlets, median .07; reports of one event .53."""

    anniversary_days: float = 300.0
    """An article published so many days before or after the nearest member of a story looks back
    at it, or ahead."""

    large_story_groups: int = 30
    """A story of more reprint groups than this is large: an article that the newest members would
    take needs more to join, and so does another story to be merged."""

    large_story_probability: float = 0.9
    """Least probability, 0..1, for joining or merging into a large story; an article that belongs,
    by the model's own bar, to its most central half joins with less. Asked of smaller stories too,
    belonging to that half costs .02 to .07 B-cubed F1 (newscluster, ecbplus)."""

    second_look_groups: int = 12
    """Stories of up to this many reprint groups are looked at again whenever an article comes
    in."""

    second_look_near: int = 8
    """Articles of other stories, those that share most terms with the new one, looked at again."""

    second_look_margin: float = 0.05
    """Probability by which another story must be better, or the own one short of the threshold."""

    brief_words: int = 60
    """Articles with fewer words than this are judged as briefs."""


@dataclass(frozen=True, slots=True)
class DifferenceSettings:
    """How two articles are aligned and compared. The values were set by reading
    development pairs; benchmarks/difference.py scores them, on no separate test data yet."""

    aliases: tuple[tuple[str, ...], ...] = ()
    """Groups of names of one person, place or organisation each, beside those that ship: all of a
    group are one name in every comparison. A collection may have more of its own."""

    max_sentences: int = 3_000
    """Sentences of one article that are compared, from its beginning: 50,000 words have 2,300."""

    max_span: int = 700
    """Characters of one reported span; longer ones are clipped at a word."""

    copied_containment: float = 0.35
    """Share of the shorter text's runs of three words found in the other from which the two count
    as versions or reprints of one text; below it they are independent reports."""

    copied_bar: float = 0.50
    """Least similarity (0..1) of two sentences of versions that are one sentence."""

    neighbour_bar: float = 0.20
    """The same for the one sentence left between two aligned neighbours."""

    independent_bar: float = 0.45
    """Least similarity, vectors included, of two sentences that say the same where no wording ties
    them: in independent reports, and of what is left over in versions."""

    retold_least: float = 0.20
    """Least similarity of two sentences of independent reports that are told as one thing in other
    words."""

    retold_bar: float = 0.33
    """The same of two that are near each other and share three telling words."""

    retold_rare_bar: float = 0.625
    """The same of their similarity with the rarity of the words they share (`retold`). Of the pairs
    that one of the two finds in the gold three in four are about one thing."""

    opposed_bar: float = 0.15
    """The same of two sentences with words that oppose each other, said of the same."""

    part_bar: float = 0.80
    """Share of a sentence's weight held by one sentence of the other article from which it is a
    part of that (split or merged)."""

    least_overlap: float = 0.10
    """Two sentences that share less weight than this are not aligned on their vectors alone."""

    added_below: float = 0.31
    """A sentence of an independent report is missing from the other only below this value of (best
    similarity + half the share of its words known there): above it nothing is claimed."""

    fact_bar: float = 0.45
    """Least similarity of sentences of independent reports whose numbers and dates are compared."""

    detail_alone: float = 2.0
    """In independent reports: by how much the telling words that the other article never mentions
    outweigh the known ones in a stretch of a sentence, for it to be a detail of its own."""

    detail_known: float = 1.8
    """Nothing is claimed as a detail of a sentence without a counterpart from so many times
    `added_below` on: of 13 such details that were read, 8 the other article had in other words."""

    detail_linked: float = 3.0
    """The same in a sentence whose counterpart is known."""

    claim_bar: float = 1.3
    """Least score from which two close figures of independent reports are for one thing
    (`contradictions`): for instance a rare shared word beside both of the same noun. Of 15
    conflicts claimed in two draws of 313 development pairs, read while this was set, 12 are one."""

    source_bar: float = 0.40
    """The same where two offices are named as the source."""

    quote_low: float = 0.60
    """Two quotes at least this similar by words are one quote in two wordings."""

    context_words: int = 6
    """Words on either side of a number or date that tell what it is about."""

    context_shared: int = 2
    """Telling words that two contexts must share to be about the same thing."""

    fact_groups: int = 40
    """Reprint groups of a story whose facts are gathered, in order of arrival: comparing 40 news
    articles of 500 words takes about three seconds on one core."""

    fact_copies: int = 40
    """Copies of a story that are held against the original of their group, group by group: as
    many again."""

    fact_rows: int = 200
    """Rows of the fact grid: more than anybody reads, and an answer of under a megabyte."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """How far back the change feed can be read."""

    retention_days: float = 0.0
    """Days for which an event is in the feed; 0: for ever. A reader who comes later is told so."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. The defaults are the measured ones."""

    limits: Limits = field(default_factory=Limits)
    text: TextSettings = field(default_factory=TextSettings)
    furniture: FurnitureSettings = field(default_factory=FurnitureSettings)
    fingerprint: FingerprintSettings = field(default_factory=FingerprintSettings)
    candidates: CandidateSettings = field(default_factory=CandidateSettings)
    guards: GuardSettings = field(default_factory=GuardSettings)
    repair: RepairSettings = field(default_factory=RepairSettings)
    recluster: ReclusterSettings = field(default_factory=ReclusterSettings)
    difference: DifferenceSettings = field(default_factory=DifferenceSettings)
    feed: FeedSettings = field(default_factory=FeedSettings)
    canonical_policy: str = "earliest_original"
    """How the canonical is chosen: a key of canonical.POLICIES."""

    canonical_margin: float = 0.05
    """Share of its own score (words, core facts or mean similarity) by which another must be better
    than the present canonical under `longest`, `most_facts` and `medoid`; 0 and up, 0: any better
    one. Scores change with each arrival; with .05 the canonical of 50 stories (newscluster, 172
    articles) changes 17 times for 31 under `medoid`, 40 for 42 and 37 for 38 under the others."""

    source_rank: tuple[str, ...] = ()
    """Sources under the policy `source_rank`, the best first, capitals aside; unlisted ones come
    last."""

    def digest(self) -> str:
        """12 hex characters that change with any value."""
        plain = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()[:12]
