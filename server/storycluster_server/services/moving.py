"""How does a whole collection leave the server, and come in?

Out: pieces of JSON Lines, made on a thread of their own, since a snapshot of the store belongs to
one thread. In: kept in a file without a name until the last piece is there, so that a slow sender
does not hold up the writer, and what a crash leaves behind is nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from storycluster import wire
from storycluster.domain import CollectionInfo
from storycluster.errors import InvalidInput, StoreFull, TooLarge
from storycluster.exchange import PIECE_BYTES, in_pieces, lines_of
from storycluster.v1 import admin_service_pb2 as pb
from storycluster_server import calls
from storycluster_server.services.core import Core, act_of, required

_IN_MEMORY_BYTES = 4 * 1024 * 1024


async def exported(
    core: Core, request: pb.ExportCollectionRequest
) -> AsyncGenerator[pb.ExportCollectionResponse, None]:
    """The messages of an export."""
    lines = core.engine.export_collection(
        request.collection,
        with_withdrawn=request.with_withdrawn,
        rights=calls.current.get().rights,
    )
    pieces = in_pieces(lines, most=PIECE_BYTES)
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="storycluster-export")
    try:
        while (piece := await loop.run_in_executor(thread, next, pieces, None)) is not None:
            calls.current.get().check_deadline()
            yield pb.ExportCollectionResponse(data=piece)
    finally:
        with contextlib.suppress(RuntimeError):  # the loop is gone
            await asyncio.shield(loop.run_in_executor(thread, pieces.close))
        thread.shutdown(wait=False)


async def imported(
    core: Core, requests: AsyncIterator[pb.ImportCollectionRequest]
) -> pb.ImportCollectionResponse:
    """Receive a file, then store it."""
    first = await anext(aiter(requests), None)
    if first is None:
        raise InvalidInput.of("collection", "must not be empty")
    name, act = required(first.collection, "collection"), act_of(first)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        try:
            received = file.write(first.data)
            async for request in requests:
                received += file.write(request.data)
                if received > core.max_import_bytes:
                    raise TooLarge(f"the file has more than {core.max_import_bytes} bytes")
        except OSError as error:
            raise StoreFull(f"no room for the file: {error}") from error
        file.seek(0)
        info: CollectionInfo = await core.edits.run(
            core.engine.import_collection, name, lines_of(file), act
        )
    return pb.ImportCollectionResponse(collection=wire.collection_to_message(info))
