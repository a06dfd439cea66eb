"""How good are the decisions on labelled articles?

`read_articles` reads labelled files, `replay` sends them through the engine in order of time, and
`report` scores the stories as decided online and after repair. `read_pairs` and `score_pairs` do
the same for files of pairs. `calibrate` refits the decision on labelled articles and tells what
that would change. `metrics` holds the scores themselves, as pure functions.
"""

from storycluster.evaluate.calibration import Calibration, Scores, calibrate
from storycluster.evaluate.items import items_of
from storycluster.evaluate.labelled import Labelled, is_pair_file, read_articles, read_pairs
from storycluster.evaluate.metrics import adjusted_rand, bcubed, pairwise
from storycluster.evaluate.pairs import score_pairs
from storycluster.evaluate.replay import Decided, Replayed, replay
from storycluster.evaluate.report import report
from storycluster.evaluate.stream import Arrival, arrivals

__all__ = [
    "Arrival",
    "Calibration",
    "Decided",
    "Labelled",
    "Replayed",
    "Scores",
    "adjusted_rand",
    "arrivals",
    "bcubed",
    "calibrate",
    "is_pair_file",
    "items_of",
    "pairwise",
    "read_articles",
    "read_pairs",
    "replay",
    "report",
    "score_pairs",
]
