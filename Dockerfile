# Loket in a container: the web interface, then the program, then an image with nothing else.

FROM node:22-bookworm-slim AS web
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY docs/openapi.json /build/docs/openapi.json
COPY frontend ./
RUN npm run build

FROM rust:1.95-bookworm AS program
WORKDIR /build
COPY . .
COPY --from=web /build/frontend/dist frontend/dist
RUN cargo build --release --locked --bin loket

FROM debian:bookworm-slim
# Certificates of the mail servers and providers that Loket connects to.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --home-dir /loket --no-create-home loket \
 && install -d -m 700 -o loket -g loket /loket /loket/data /loket/keys
COPY --from=program /build/target/release/loket /usr/local/bin/loket
USER loket
ENV LOKET_HOME=/loket LOKET_SERVER__LISTEN=0.0.0.0:8080
# Two volumes, so that no backup or snapshot holds both keys and what they open.
VOLUME /loket/data
VOLUME /loket/keys
EXPOSE 8080
ENTRYPOINT ["loket"]
CMD ["serve"]
