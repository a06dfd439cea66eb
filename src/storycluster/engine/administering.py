"""What may an operator do with a collection?

A collection is there from the first article or setting that it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from storycluster.canonical import POLICIES
from storycluster.domain import (
    PUBLIC,
    Act,
    CollectionInfo,
    CollectionSettings,
    Override,
    OverrideKind,
    Rights,
)
from storycluster.engine.overrides import Overrides
from storycluster.engine.writer import Writer
from storycluster.errors import FieldViolation, InvalidInput, NotFound, StoryChanged
from storycluster.ports import Reader, Store
from storycluster.settings import Settings

_ALIAS_GROUPS = 1_000


class Administration:
    """Acts upon whole collections."""

    settings: Settings
    _store: Store
    _writer: Writer
    _named: Callable[[str], str]
    _act: Callable[..., Any]

    def list_collections(self) -> tuple[CollectionInfo, ...]:
        """Those that hold an article, ascending name."""
        with self._store.read() as reader:
            return tuple(_info(reader, name) for name in reader.collections())

    def get_collection(self, collection: str) -> CollectionInfo:
        """One of them, or one that has settings alone. NotFound for any other name."""
        name = self._named(collection)
        with self._store.read() as reader:
            info = _info(reader, name)
        if not info.settings_revision and not any(info.counts.values()):
            raise NotFound(resource="collection", name=name)
        return info

    def update_collection(
        self,
        collection: str,
        chosen: CollectionSettings,
        act: Act,
        *,
        expected_revision: int = 0,
    ) -> tuple[Override, CollectionInfo]:
        """Set how canonicals are chosen, and choose each anew, in one commit, and which names are
        one in comparisons.

        Raises InvalidInput for an unknown policy, a rank without sources, a group of less than two
        names, StoryChanged where the settings are not at the expected revision (0: any).
        """
        self._check_chosen(chosen)

        def update(overrides: Overrides) -> tuple[Override, CollectionInfo]:
            return configure(overrides, chosen, expected=expected_revision)

        done: tuple[Override, CollectionInfo] = self._act(collection, act, update)
        return done

    def delete_collection(
        self, collection: str, act: Act, *, rights: Rights = PUBLIC
    ) -> Mapping[str, int]:
        """Remove a collection for good; what it held, as everybody sees it. Returns when no file of
        the store holds its bytes; NotFound, also without the right where everything in it is
        embargoed, and Unavailable as for `erase`: then ask again."""
        name = self._named(collection)
        with self._store.read() as reader:
            held, waits = reader.counts(name), bool(rights.embargo and reader.held(name))
        try:
            if not waits:
                self.get_collection(name)
        except NotFound:
            self._writer.scrub().result()  # asked again
            raise
        self._act(collection, act, _drop, erases=True)
        return held

    def _check_chosen(self, chosen: CollectionSettings) -> None:
        found = []
        if chosen.canonical_policy not in ("", *POLICIES):
            told = f"must be one of {', '.join(POLICIES)}"
            found.append(FieldViolation("settings.canonical_policy", told))
        for place, source in enumerate(chosen.source_rank):
            if not source.strip():
                found.append(FieldViolation(f"settings.source_rank[{place}]", "must not be empty"))
        ranked = chosen.source_rank or self.settings.source_rank
        if chosen.canonical_policy == "source_rank" and not ranked:
            found.append(FieldViolation("settings.source_rank", "must name a source"))
        if len(chosen.aliases) > _ALIAS_GROUPS:
            told = f"has {len(chosen.aliases)} groups, the limit is {_ALIAS_GROUPS}"
            found.append(FieldViolation("settings.aliases", told))
        for place, group in enumerate(chosen.aliases):
            if len(group) < 2 or not all(name.strip() for name in group):
                told = "must hold two names or more, none of them empty"
                found.append(FieldViolation(f"settings.aliases[{place}].names", told))
        if found:
            raise InvalidInput(violations=found)


def configure(
    overrides: Overrides, chosen: CollectionSettings, *, expected: int
) -> tuple[Override, CollectionInfo]:
    """Put the settings and choose every canonical by them."""
    stories = overrides.stories
    transaction, name = stories.transaction, stories.collection
    revision, _ = transaction.settings(name)
    if expected not in (0, revision):
        raise StoryChanged(
            f"the settings of {name!r} are at revision {revision}, not {expected}: read them again",
            field="expected_revision",
            name=name,
        )
    transaction.put_settings(name, chosen)
    stories.index.chosen = chosen
    for story_id in stories.index.story_ids():
        stories.refresh(story_id)
    return overrides.record(OverrideKind.CONFIGURE), _info(transaction, name)


def _drop(overrides: Overrides) -> None:
    overrides.stories.transaction.drop_collection(overrides.stories.collection)


def _info(reader: Reader, name: str) -> CollectionInfo:
    revision, chosen = reader.settings(name)
    return CollectionInfo(name, reader.counts(name), chosen, revision)
