"""How much is masked as furniture, by rules and by learning, and what does that do to the scores?

    python benchmarks/furniture.py [--quick] [--write] [--list N]

Each set is ingested in its own order into an engine on the memory store, once with learning and
once without. Words masked are those of the text, read back from the document that was stored last
for each article; scores are of the stories as decided online. The decision is fitted on these sets:
what counts is the difference. In a set "+ footer" each text whose source is known ends with the
same 33 words about it, which no rule knows. `--list N` prints the N learned lines that were masked
most often, for a person to judge, and is never written.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import Labelled, data_folder, read

from storycluster.backends import open_encoder, open_store
from storycluster.domain import IngestResult
from storycluster.engine import Engine, Prepared, scheme_of
from storycluster.evaluate import bcubed, pairwise
from storycluster.ports import Encoder
from storycluster.settings import Settings

FOOTED = " + footer"
SETS = ("newscluster_dev", "allsides_stories_dev", f"allsides_headlines_dev{FOOTED}")
QUICK = SETS[:1]
RESULTS = Path(__file__).parent / "results/furniture.md"
HEAD = (
    "| set | articles | words masked by rules | by learning | articles with learned furniture"
    " | lines learned | learning | B3 F1 | pairwise F1 | stories |\n"
    "|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(slots=True)
class Masked:
    """Words of the texts, and of those the masked ones; learned lines by (source, text)."""

    words: int = 0
    ruled: int = 0
    learned: int = 0
    touched: int = 0
    lines: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, one: Prepared) -> None:
        """Count one article as it was prepared."""
        text = one.document.text
        self.words += len(text.split())
        for start, end, rule in one.document.furniture:
            size = len(text[start:end].split())
            if rule == "learned":
                self.learned += size
                self.lines[one.article.source, re.sub(r"\d+", "0", text[start:end])] += 1
            else:
                self.ruled += size
        self.touched += any(rule == "learned" for _, _, rule in one.document.furniture)


def replay(rows: list[Labelled], encoder: Encoder, *, learned: bool) -> tuple[str, Masked]:
    """The scores of one run as cells of the table, and what was masked in it."""
    base = Settings()
    settings = dataclasses.replace(
        base, furniture=dataclasses.replace(base.furniture, learned=learned)
    )
    engine = Engine(open_store("memory:", scheme_of(encoder, settings)), encoder, settings=settings)
    masked, online = Masked(), {}
    for row in rows:  # one by one, so that what is prepared is what is stored
        prepared = engine.prepare([row.article])
        [result] = engine.submit("", prepared).result()
        if isinstance(result, IngestResult) and isinstance(prepared[0], Prepared):
            online[result.article_id] = result.assignment.story_id
            masked.add(prepared[0])
    engine.close()
    gold = {row.article.article_id: row.story for row in rows if row.story}
    scores = ["-", "-"]
    if gold:
        scores = [f"{score(online, gold).f1:.3f}" for score in (bcubed, pairwise)]
    return " | ".join([*scores, str(len(set(online.values())))]), masked


def footed(row: Labelled) -> Labelled:
    """The article with a footer of its source below it."""
    source = row.article.source
    if not source:
        return row
    footer = (
        f"This report belongs to the daily service of {source} for its readers at home and abroad. "
        f"All editors at {source} work by the charter of the house, which anybody may ask to see."
    )
    article = dataclasses.replace(row.article, text=f"{row.article.text}\n{footer}")
    return dataclasses.replace(row, article=article)


def measure(name: str, encoder: Encoder, *, shown: int) -> list[str]:
    """Two table rows of one set: with learning and without."""
    rows = list(read(name.removesuffix(FOOTED)))
    if name.endswith(FOOTED):
        rows = [footed(row) for row in rows]
    lines = []
    for learned in (True, False):
        scores, masked = replay(rows, encoder, learned=learned)
        shares = f"{masked.ruled / masked.words:.2%} | {masked.learned / masked.words:.2%}"
        counts = f"{masked.touched / len(rows):.1%} | {len(masked.lines)}"
        state = "on" if learned else "off"
        lines.append(f"| {name} | {len(rows)} | {shares} | {counts} | {state} | {scores} |")
        for (source, line), count in masked.lines.most_common(shown):
            print(f"    {count:5} {source[:24]:24} {' '.join(line.split())[:200]}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only the smallest set")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--list", type=int, default=0, metavar="N", help="print learned lines")
    parser.add_argument("--set", action="append", help="these sets instead")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    encoder = open_encoder("default")
    lines = [HEAD]
    print(HEAD, flush=True)
    for name in options.set or (QUICK if options.quick else SETS):
        lines += measure(name, encoder, shown=options.list)
        print("\n".join(lines[-2:]), flush=True)
    if options.write:
        intro = f"# Furniture\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
