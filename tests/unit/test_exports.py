"""Which names does the package promise?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import storycluster
import storycluster.client
from storycluster import domain, errors, grid

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"

CLIENT = {
    "AsyncClient", "AsyncListing", "AsyncWatch", "Client", "Edit", "Listing", "RetryPolicy",
    "TLSConfig", "Watch",
}  # fmt: skip
NOUNS = {
    "Act", "Aligned", "Article", "Assignment", "Canonical", "Change",
    "ChangeKind", "CollectionInfo", "CollectionSettings",
    "Comparison", "Constraint",
    "ConstraintKind", "Difference", "DifferenceType", "Event", "EventKind", "Evidence",
    "FurnitureLine", "IngestFailure", "IngestReport", "IngestResult", "Match", "Member", "Override",
    "OverrideKind", "Page", "Provenance", "Relation", "RunnerUp", "ServerInfo",
    "SimilarArticle", "Span", "StoredArticle", "Story", "StoryFilter", "StoryHit", "StoryState",
    "StoryView", "TimePrecision", "Tombstone", "WordEdit",
}  # fmt: skip
FACTS = {
    "Advisory", "CopyChanges", "Fact", "FactCell", "FactKind", "FirstStated", "ReprintGroup",
    "StoryFacts",
}  # fmt: skip
ERRORS = {
    "ArticleWithdrawn", "Cancelled", "Conflict", "DeadlineExceeded", "EncoderUnavailable",
    "FieldViolation", "IngestError", "InternalError", "InvalidInput", "MissingExtra", "NotFound",
    "Overloaded", "PermissionDenied", "PreconditionFailed", "SchemeMismatch", "StoreCorrupt",
    "StoreError", "StoreFull", "StoryChanged", "StoryClusterError", "TooLarge", "Unauthenticated",
    "Unavailable",
}  # fmt: skip


def classes_of(module: object) -> set[str]:
    """The public classes a module, or a module of the package, defines."""
    named = vars(module)
    return {
        name
        for name, value in named.items()
        if isinstance(value, type)
        and f"{value.__module__}.".startswith(f"{named['__name__']}.")
        and not name.startswith("_")
    }


def test_the_public_names_are_exactly_these() -> None:
    """Adding or losing a name is a decision, made here as well."""
    assert set(storycluster.__all__) == CLIENT | NOUNS | FACTS | ERRORS | {"__version__"}
    assert set(storycluster.client.__all__) == CLIENT


def test_every_noun_and_error_is_public() -> None:
    """A class of domain or errors that a caller meets can be imported from the top."""
    assert classes_of(domain) == NOUNS
    assert classes_of(grid) == FACTS
    assert classes_of(errors) == ERRORS


@pytest.mark.parametrize("name", sorted(storycluster.__all__))
def test_a_public_name_is_the_one_of_its_room(name: str) -> None:
    """Nothing is announced that cannot be imported, and nothing is a copy."""
    value = getattr(storycluster, name)
    if name in FACTS:
        assert value is getattr(grid, name)
    elif name in NOUNS | ERRORS:
        assert value is getattr(domain if name in NOUNS else errors, name)
    assert name in dir(storycluster)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """Lazy loading hides no spelling mistake."""
    with pytest.raises(AttributeError, match="Clinet"):
        storycluster.Clinet  # noqa: B018 - the look-up is the test


def test_the_version_is_the_projects() -> None:
    """One truth: pyproject.toml."""
    told = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    assert storycluster.__version__ == told
