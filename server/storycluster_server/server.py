"""What makes up a running server, and in which order does it start and end?

Start: bind (so that a taken port is told before the model loads), encoder, store, engine, services.
End: health says NOT_SERVING, streams and watchers are told, new work is refused, accepted work is
finished, then the transport, the webhooks, the engine and the store are closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from storycluster.backends import open_encoder, open_store
from storycluster.decision import Model, read_model_file
from storycluster.domain import ServerInfo
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput, PreconditionFailed, StoryClusterError, Unavailable
from storycluster.ports import Encoder, Planner, Store
from storycluster_server.access import Keys
from storycluster_server.admission import Admission, MethodClass
from storycluster_server.batching import Batcher, Lane
from storycluster_server.budget import Budget
from storycluster_server.changes import Changes, Listeners
from storycluster_server.config import ServerConfig
from storycluster_server.health import open_health
from storycluster_server.interceptors import CallInterceptor
from storycluster_server.logs import Logger
from storycluster_server.metrics import Metrics
from storycluster_server.reads import ReadPool
from storycluster_server.reclustering import Expiry, JobFiles, Jobs
from storycluster_server.releasing import Embargoes
from storycluster_server.repairing import Repairs
from storycluster_server.services import Core, add_services
from storycluster_server.webhooks.config import read_secrets
from storycluster_server.webhooks.running import Webhooks

_MATCH_THREADS = 2
_EDIT_THREADS = 2
_WATCH_THREADS = 2
_CLOSE_STREAMS_S = 1.0


class StoryServer:
    """One server: an engine and the ports it is reached by."""

    def __init__(self, config: ServerConfig, log: Logger) -> None:
        self.config = config
        self.metrics = Metrics()
        self.addresses: dict[str, str] = {}
        self._log = log
        self._ports: list[Any] = []
        self._closers: list[Callable[[], None]] = []
        self._engine: Engine | None = None
        self._repairs: Repairs | None = None
        self._embargoes: Embargoes | None = None
        self._expiry: Expiry | None = None
        self._webhooks: Webhooks | None = None
        self._data: Path | None = None
        self._core: Core | None = None
        self._health: health_aio.HealthServicer | None = None
        self.admission = Admission(
            {
                MethodClass.INGEST: config.admission.ingest,
                MethodClass.STREAM: config.admission.stream,
                MethodClass.READ: config.admission.read,
                MethodClass.EDIT: config.admission.edit,
                MethodClass.WATCH: config.admission.watch,
                MethodClass.ADMIN: config.admission.admin,
            },
            share=config.ingest.collection_share,
        )

    async def start(
        self,
        *,
        encoder: Encoder | None = None,
        store: Store | None = None,
        planner: Planner | None = None,
    ) -> None:
        """Bind, load, open, serve. Raises StoryClusterError for whatever prevents it.

        `encoder` and `store` are given by who has them already; else the configuration names them.
        Without a `planner` there are no recluster jobs.
        """
        self.config.check_bind()
        hooks = self.config.webhooks
        self._webhooks = Webhooks(hooks, read_secrets(hooks, os.environ), log=self._log)
        try:
            public = self._bind("listen", self.config.server.listen)
            same = self.config.server.admin_listen == self.config.server.listen
            admin = public if same else None
            if self.config.server.admin_listen and not same:
                admin = self._bind("admin_listen", self.config.server.admin_listen)
            self._engine = await asyncio.to_thread(self._open_engine, encoder, store)
            core = self._core = self._open_core(self._engine, planner)
            await asyncio.to_thread(core.jobs.start)
            names = add_services(public, core, admin=False)
            if admin is not None:
                names += add_services(admin, core, admin=True)
            self._health = await open_health(names)
            for port in self._ports:
                health_pb2_grpc.add_HealthServicer_to_server(self._health, port)
                if self.config.server.reflection:
                    reflection.enable_server_reflection([*names, reflection.SERVICE_NAME], port)
            self._open_metrics(self._engine, core)
            for port in self._ports:
                await port.start()
            self._repairs = Repairs(self._engine, self._log)
            self._repairs.start()
            every_s = self.config.server.release_every_s
            self._embargoes = Embargoes(self._engine, self._log, every_s=every_s)
            self._embargoes.start()
            self._expiry = Expiry(core.jobs.expire, self._log)
            self._expiry.start()
            self._webhooks.start(
                self._engine, core.changes, data=self._data, count=self.metrics.webhook
            )
        except BaseException:
            await self.abandon()
            raise

    async def drain(self) -> bool:
        """Finish what was accepted, take nothing new; whether it was all done within the grace."""
        if self._health is not None:
            await self._health.enter_graceful_shutdown()
        self.admission.drain()
        if self._core is not None:
            self._core.changes.wake_all()
            self._core.job_changes.wake_all()
        return await self.admission.wait_idle(self.config.server.drain_grace_s)

    async def stop(self) -> bool:
        """Drain and close everything; whether all accepted calls were answered."""
        finished = await self.drain()
        await self.abandon()
        return finished

    async def abandon(self) -> None:
        """Close everything at once. What the writer accepted is still committed."""
        grace = _CLOSE_STREAMS_S if self._health is not None else None
        for port in self._ports:
            with contextlib.suppress(Exception):
                await port.stop(grace)
        self._ports.clear()
        if self._repairs is not None:
            await self._repairs.close()
        if self._embargoes is not None:
            await self._embargoes.close()
        if self._expiry is not None:
            await self._expiry.close()
        if self._webhooks is not None:
            await self._webhooks.close()
        if self._core is not None:
            await asyncio.to_thread(self._core.jobs.close)
            await self._core.batcher.close()
        for close in self._closers:
            await asyncio.to_thread(close)
        self._closers.clear()
        if self._engine is not None:
            await asyncio.to_thread(self._engine.close)

    @property
    def engine(self) -> Engine:
        """The engine of a started server."""
        if self._engine is None:
            raise Unavailable("the server is not started")
        return self._engine

    @property
    def core(self) -> Core:
        """What the services of a started server work with."""
        if self._core is None:
            raise Unavailable("the server is not started")
        return self._core

    # -- the parts --------------------------------------------------------------------------------

    def _bind(self, key: str, address: str) -> Any:
        most = self.config.server.max_message_bytes
        options = [
            ("grpc.so_reuseport", 0),  # else a second server on the port would start silently
            ("grpc.max_receive_message_length", most),
            ("grpc.max_send_message_length", most),
            ("grpc.http2.min_ping_interval_without_data_ms", 30_000),
        ]
        if age := self.config.server.max_connection_age_s:
            options.append(("grpc.max_connection_age_ms", round(age * 1000)))
        guard = CallInterceptor(
            admission=self.admission,
            metrics=self.metrics,
            log=self._log,
            max_message_bytes=most,
            keys=Keys(self.config.access),
            access_log=self.config.log.access,
        )
        port = grpc.aio.server(interceptors=[guard], options=options)
        try:
            bound = port.add_insecure_port(address)
        except RuntimeError:
            bound = 0
        if not bound:
            raise PreconditionFailed(f"cannot listen on {address}: the port is taken or not ours")
        host = address.rpartition(":")[0]
        self.addresses[key] = f"{host}:{bound}"
        self._ports.append(port)
        return port

    def _open_engine(self, encoder: Encoder | None, store: Store | None) -> Engine:
        settings = self.config.engine_settings()
        encoder = encoder or open_encoder(self.config.encoder.name)
        model = self._read_model(encoder.encoder_id)
        store = store or open_store(self.config.store.url, scheme_of(encoder, settings))
        if store.cache_folder is not None:
            self._data = store.cache_folder.parent
        try:
            return Engine(store, encoder, settings=settings, model=model)
        except BaseException:
            store.close()
            raise

    def _read_model(self, encoder_id: str) -> Model | None:
        """The model that is named; None for the shipped one of the encoder."""
        path = self.config.decision.model
        if not path:
            return None
        try:
            return read_model_file(Path(path), encoder_id=encoder_id)
        except StoryClusterError as error:
            raise InvalidInput.of("decision.model", error.message) from None

    def _open_core(self, engine: Engine, planner: Planner | None) -> Core:
        ingest = self.config.ingest
        budget = Budget(
            max_articles=ingest.queue_articles,
            max_bytes=ingest.queue_bytes,
            share=ingest.collection_share,
        )
        batcher = Batcher(
            engine,
            budget=budget,
            max_batch=ingest.encode_batch,
            workers=ingest.workers,
            bulk_share=ingest.bulk_share,
            observer=self.metrics,
        )
        reads, matches = ReadPool(self.config.read.threads), ReadPool(_MATCH_THREADS)
        edits, watches = ReadPool(_EDIT_THREADS), ReadPool(_WATCH_THREADS)
        changes = Changes(engine.listen)
        told = Listeners()
        days = self.config.recluster.retention_days
        jobs = Jobs(
            engine,
            planner,
            JobFiles(self._data),
            log=self._log,
            tell=told.tell,
            kept_for=timedelta(days=days) if days else None,
        )
        self._closers += [pool.close for pool in (reads, matches, edits, watches)]
        self._closers.append(changes.close)
        return Core(
            engine=engine,
            batcher=batcher,
            reads=reads,
            matches=matches,
            edits=edits,
            watches=watches,
            changes=changes,
            jobs=jobs,
            job_changes=Changes(told.listen),
            info=self._info(engine),
            draining=self.admission.draining,
            drain_grace_s=self.config.server.drain_grace_s,
            stream_window=ingest.stream_window,
            watch_heartbeat_s=self.config.server.watch_heartbeat_s,
            max_import_bytes=self.config.server.max_import_bytes,
        )

    def _info(self, engine: Engine) -> ServerInfo:
        return ServerInfo(
            version=metadata.version("storycluster"),
            encoder_id=engine.encoder_id,
            dimensions=engine.dimensions,
            fingerprint_scheme=engine.fingerprint_scheme,
            settings_digest=engine.settings.digest(),
            max_batch_articles=engine.settings.limits.batch_articles,
            max_message_bytes=self.config.server.max_message_bytes,
            max_text_bytes=engine.settings.limits.text_bytes,
        )

    def _open_metrics(self, engine: Engine, core: Core) -> None:
        budget = core.batcher.budget
        watch = self.metrics.watch
        watch("storycluster_accepted_articles", "Articles not answered.", lambda: budget.articles)
        watch("storycluster_accepted_bytes", "Bytes of their texts.", lambda: budget.bytes)
        for lane in Lane:
            name = f"storycluster_queued_{lane.value}_articles"
            watch(name, "Articles that wait for stage 1.", _queued(core.batcher, lane))
        for kind in MethodClass:
            name = f"storycluster_{kind.value}_calls"
            watch(name, "Calls under way.", _inside(self.admission, kind))
        self.metrics.watch_index(engine)
        if address := self.config.server.metrics_listen:
            try:
                self.addresses["metrics_listen"], stop = self.metrics.serve(address)
            except OSError as error:
                raise PreconditionFailed(
                    f"cannot serve metrics on {address}: {error.strerror}"
                ) from error
            self._closers.append(stop)


def _queued(batcher: Batcher, lane: Lane) -> Callable[[], float]:
    return lambda: batcher.queued(lane)


def _inside(admission: Admission, kind: MethodClass) -> Callable[[], float]:
    return lambda: admission.inside(kind)
