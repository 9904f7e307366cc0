# landxml as a container: docker run --rm --network none -v "$PWD:/data" landxml validate goi.zip
FROM python:3.12-slim AS build
COPY . /source
RUN python -m venv /opt/landxml && /opt/landxml/bin/pip install --no-cache-dir /source

FROM python:3.12-slim
COPY --from=build /opt/landxml /opt/landxml
RUN useradd --uid 10001 --create-home landxml
USER landxml
WORKDIR /data
ENTRYPOINT ["/opt/landxml/bin/landxml"]
CMD ["--help"]
