"""How is a long list read page by page, only as far as somebody looks?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Generic, TypeVar

from storycluster.domain import Page

T = TypeVar("T")


class Listing(Iterator[T], Generic[T]):
    """An iterator over a list of the server; each page is fetched when it is reached.

    `pages()` reads the same list from its beginning, a page at a time.
    """

    def __init__(self, fetch: Callable[[str], Page[T]], *, first: str = "") -> None:
        self._fetch = fetch
        self._first = first
        self._items = (item for page in self.pages() for item in page.items)

    def __next__(self) -> T:
        return next(self._items)

    def pages(self) -> Iterator[Page[T]]:
        """The pages, in order; an empty one only where the list is empty."""
        token = self._first
        while True:
            page = self._fetch(token)
            if page.items or token == self._first:
                yield page
            token = page.next_page_token
            if not token:
                return


class AsyncListing(AsyncIterator[T], Generic[T]):
    """`Listing` for `async for`."""

    def __init__(self, fetch: Callable[[str], Awaitable[Page[T]]], *, first: str = "") -> None:
        self._fetch = fetch
        self._first = first
        self._items = self._each()

    async def __anext__(self) -> T:
        return await anext(self._items)

    async def _each(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The pages, in order; an empty one only where the list is empty."""
        token = self._first
        while True:
            page = await self._fetch(token)
            if page.items or token == self._first:
                yield page
            token = page.next_page_token
            if not token:
                return
