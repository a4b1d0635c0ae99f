# syntax=docker/dockerfile:1
# The service as an image: `docker build -t tamis .`, then `docker run -p 50051:50051 -p 127.0.0.1:9464:9464 -v tamis:/var/lib/tamis tamis`.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin tamis && \
    install -D --strip target/release/tamis /out/usr/local/bin/tamis && \
    install -D --mode=644 --target-directory=/out/usr/share/doc/tamis LICENSE-APACHE LICENSE-MIT NOTICE && \
    install -d /out/var/lib/tamis

# glibc, libgcc and nothing else: no shell, no package manager; runs as user 65532.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/usr /usr
COPY --from=build --chown=65532:65532 /out/var/lib/tamis /var/lib/tamis
ENV TAMIS_GRPC_ADDRESS=0.0.0.0:50051 \
    TAMIS_HTTP_ADDRESS=0.0.0.0:9464 \
    TAMIS_DATA=/var/lib/tamis
VOLUME /var/lib/tamis
# gRPC; HTTP with health, metrics and check. Publish the second one inwards only.
EXPOSE 50051 9464
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/usr/local/bin/tamis", "health"]
ENTRYPOINT ["/usr/local/bin/tamis"]
CMD ["serve"]
