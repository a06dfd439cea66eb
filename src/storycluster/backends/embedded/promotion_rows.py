"""How does what a promote did become a row, and a row the same noun again?"""

from __future__ import annotations

import json

from storycluster.backends.checks import microseconds, moment
from storycluster.backends.embedded.rows import text_of
from storycluster.backends.embedded.session import Row
from storycluster.domain import Promotion, Skipped, SkipReason


def pack_promotion(promotion: Promotion) -> str:
    """JSON of all but the job id, which is the row's."""
    plain = {
        "time": microseconds(promotion.time),
        "snapshot_sequence": promotion.snapshot_sequence,
        "quiet": promotion.quiet,
        "applied": promotion.applied,
        "skipped": [[one.place, one.reason.value, one.subject] for one in promotion.skipped],
        "settled": list(promotion.settled),
        "parted": [list(pair) for pair in promotion.parted],
    }
    return text_of(plain)


def promotion_of(row: Row) -> Promotion:
    """From the columns of PROMOTIONS."""
    plain = json.loads(row[1])
    plain["time"] = moment(plain["time"])
    plain["skipped"] = tuple(
        Skipped(place, SkipReason(reason), subject) for place, reason, subject in plain["skipped"]
    )
    plain["settled"] = tuple(plain["settled"])
    plain["parted"] = tuple((one, other) for one, other in plain["parted"])
    return Promotion(job_id=row[0], **plain)
