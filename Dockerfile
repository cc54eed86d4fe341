# Cypher for a server: `docker build -t cypher .`, then
# `docker run -d --restart unless-stopped -e DISCORD_TOKEN -v cypher:/data cypher`.

FROM python:3.11-slim-bookworm AS build

# PyPI's torch brings CUDA, gigabytes of it. Where the image will run on processors only, name an
# index that has CPU builds of the same version: --build-arg TORCH_INDEX=https://…
ARG TORCH_INDEX=""

WORKDIR /src
COPY pyproject.toml constraints.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        -c constraints.txt ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} .


FROM python:3.11-slim-bookworm

# The user's number is fixed, so that a volume's files keep their owner over upgrades.
RUN groupadd --gid 10001 cypher \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin cypher \
    && install -d -o cypher -g cypher /data

# The int8 step is compiled for the processor that it runs on, at the first start.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*

COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE config.toml ./
COPY bot/ bot/
COPY model/ model/
COPY migrations/ migrations/
COPY checkpoints/ checkpoints/

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib

USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 \
    CMD ["python", "-m", "bot", "health", "--data", "/data"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--data", "/data", "--config", "/app/config.toml"]
