# landxml as a container: docker run --rm --network none -v "$PWD:/data" landxml validate goi.zip
FROM python:3.12-slim AS build
COPY . /source
RUN python -m venv /opt/landxml && /opt/landxml/bin/pip install --no-cache-dir "/source[web]"

FROM python:3.12-slim AS base
COPY --from=build /opt/landxml /opt/landxml
RUN useradd --uid 10001 --create-home landxml
USER landxml
WORKDIR /data

# The page for an office (docs/web.md): docker build --target web -t landxml-web .
FROM base AS web
USER root
RUN chown landxml /data
USER landxml
EXPOSE 8443
VOLUME /data
ENTRYPOINT ["/opt/landxml/bin/landxml", "web", "--no-open", "--listen", "0.0.0.0:8443", "--folder", "/data"]

# The command; last, so that it is what is built if nobody says what.
FROM base
ENTRYPOINT ["/opt/landxml/bin/landxml"]
CMD ["--help"]
