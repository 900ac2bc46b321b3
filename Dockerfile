# lorbot as a container: the daemon alone, as a user without rights; what it remembers lies in the volume.
#
#   docker build -t lorbot .
#
# docs/operating.md says how to run it.

FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE config.example.toml ./
COPY lorbot lorbot
COPY templates templates
RUN pip wheel --quiet --no-cache-dir --no-deps --wheel-dir /dist .
RUN python -m venv /opt/lorbot
RUN /opt/lorbot/bin/pip install --quiet --no-cache-dir /dist/lorbot-*.whl

FROM python:3.12-slim
RUN groupadd --gid 10001 lorbot \
 && useradd --uid 10001 --gid lorbot --no-create-home --home-dir /var/lib/lorbot --shell /usr/sbin/nologin lorbot \
 && install --directory --mode=0700 --owner=lorbot --group=lorbot /var/lib/lorbot
COPY --from=build /opt/lorbot /opt/lorbot
ENV PATH=/opt/lorbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LORBOT_CONFIG=/etc/lorbot/config.toml \
    LORBOT_STATE__FOLDER=/var/lib/lorbot
VOLUME /var/lib/lorbot
USER lorbot
# Not well: no whole turn (mail fetched, clock looked at, outbox offered) for several times poll_seconds.
HEALTHCHECK --interval=2m --timeout=30s --start-period=3m CMD ["lorbot", "health"]
# lorbot is process 1 and takes SIGTERM itself: it finishes the mail in hand and ends.
ENTRYPOINT ["lorbot"]
CMD ["run"]
