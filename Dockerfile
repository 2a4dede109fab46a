# A Fettle node. Build: docker build -t fettle-hub .   Run: see docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
COPY pyproject.toml uv.lock README.md LICENSE /source/
COPY federation /source/federation
COPY server /source/server
COPY templates /source/templates
COPY .ci/image/install /source/.ci/image/install
RUN ["/source/.ci/image/install", "/source", "/opt/fettle"]

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/fettle fettle
COPY --from=build --chown=root:root /opt/fettle /opt/fettle
ENV PATH=/opt/fettle/bin:$PATH PYTHONUNBUFFERED=1 FETTLE_DATA_DIR=/var/lib/fettle FETTLE_HOST=0.0.0.0
USER fettle
WORKDIR /var/lib/fettle
VOLUME /var/lib/fettle
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["fettle", "serve"]
