# syntax=docker/dockerfile:1
# Three images from one build: `server` (default) answers gRPC, `batch` runs one bulk ingest and ends,
# `recluster` has a server look at everything again and ends.
#   docker build -t storycluster .
#   docker build -t storycluster-batch --target batch .
#   docker build -t storycluster-recluster --target recluster .
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY src ./src
COPY server ./server
# Name an index that holds the CPU build of torch: the default build brings about 2.7 GB of CUDA.
#   docker build --build-arg TORCH_CPU_INDEX=... .
ARG TORCH_CPU_INDEX=""
RUN python -m venv /opt/storycluster
RUN /opt/storycluster/bin/pip install ${TORCH_CPU_INDEX:+--index-url "$TORCH_CPU_INDEX"} -c constraints.txt torch
RUN /opt/storycluster/bin/pip install -c constraints.txt '.[batch]'

FROM python:3.11-slim-bookworm AS runtime
RUN groupadd --gid 10001 storycluster \
 && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin storycluster \
 && mkdir /data && chown 10001:10001 /data
COPY --from=build /opt/storycluster /opt/storycluster
ENV PATH=/opt/storycluster/bin:$PATH PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM

# The batch entry point: reads files of any format but HTML, sends them to a server, reports, ends.
#   docker run -v articles:/articles -e STORYCLUSTER_SERVER=HOST:PORT storycluster-batch /articles
FROM runtime AS batch
ENTRYPOINT ["storycluster", "ingest", "--json"]

# For a scheduler (cron, a Kubernetes CronJob): a plan, and with --promote its changes. Ends with 1 where
# there is no plan.
#   docker run -e STORYCLUSTER_SERVER=HOST:PORT storycluster-recluster --promote
FROM runtime AS recluster
ENTRYPOINT ["storycluster", "recluster", "run", "--json"]

FROM runtime AS server
EXPOSE 7443
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["storycluster", "health", "--server", "127.0.0.1:7443"]
ENTRYPOINT ["storycluster", "serve", "--data", "/data"]
CMD ["--listen", "0.0.0.0:7443", "--allow-insecure-bind"]
