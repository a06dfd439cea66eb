"""What does every store refuse before it changes anything?

One place, so that the backends refuse the same things with the same errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta

from storycluster.domain import StoredArticle
from storycluster.errors import InvalidInput, SchemeMismatch, StoreError
from storycluster.features import Features
from storycluster.ports import Scheme

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# Vectors of two encoders are never compared.
_HELP = {
    "encoder_id": "; open it with its own encoder, or make a folder of the new one: storycluster "
    "recluster upgrade --data DIR --encoder NAME --out NEW"
}


def microseconds(time: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact. Raises InvalidInput for a time without a zone."""
    if time.utcoffset() is None:
        raise InvalidInput.of("time", f"{time.isoformat()} has no time zone")
    return (time - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The inverse of `microseconds`: aware, UTC."""
    return _EPOCH + timedelta(microseconds=value)


def check_scheme(stored: Scheme, given: Scheme) -> None:
    """Raise SchemeMismatch that names the first field in which the two differ."""
    for name in ("encoder_id", "dimensions", "fingerprint", "features"):
        was, now = str(getattr(stored, name)), str(getattr(given, name))
        if was != now:
            told = f"{name}: the store holds {was!r}, this engine uses {now!r}{_HELP.get(name, '')}"
            raise SchemeMismatch(told, name=name, stored=was, given=now)


def check_text(value: object) -> None:
    """Raise InvalidInput where any text in it holds a lone surrogate: UTF-8 has none."""
    for text in _texts(value):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput.of("text", "a lone surrogate is not text") from error


def _texts(value: object) -> Iterator[str]:
    """Every string inside a noun, a mapping or a sequence."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _texts(pair)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name))


def check_addition(
    stored: StoredArticle, features: Features, *, last: int, known: bool, scheme: Scheme
) -> None:
    """Raise where `stored` may not follow sequence `last`; `known`: the id has a revision."""
    article, assignment = stored.article, stored.assignment
    if stored.sequence != last + 1:
        raise StoreError(f"sequence {stored.sequence} does not follow {last}")
    if article.revision < 1:
        raise StoreError(f"article {article.article_id!r} has no revision number yet")
    if (assignment.article_id, assignment.revision) != (article.article_id, article.revision):
        raise StoreError(f"the assignment of {article.article_id!r} is for another article")
    if not known and not stored.latest:
        raise StoreError(f"the first revision of {article.article_id!r} must be its latest")
    if len(features.embedding) != scheme.dimensions:
        raise SchemeMismatch(
            name="dimensions", stored=str(scheme.dimensions), given=str(len(features.embedding))
        )
