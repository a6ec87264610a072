# Builds anklebot and puts nothing beside it but the C library:
#
#   docker build -t anklebot .
#   docker run --env-file .env -v anklebot:/data anklebot
#
# docker-compose.yml says the second line better. BuildKit or Buildah is needed, for the caches.

# Both stages are of one Debian, so that the program finds the C library it was linked with.
FROM rust:1.95-slim-trixie AS build
WORKDIR /src
# All that is compiled, and all that is compiled in: sentences and migrations. `.cargo` says how SQLite
# is built. `tests` is a member of the workspace: without it Cargo reads nothing.
COPY Cargo.toml Cargo.lock ./
COPY .cargo .cargo
COPY crates crates
COPY locales locales
COPY migrations migrations
COPY tests tests
# The caches outlive the build, so a change of ours does not compile every dependency again. They are
# no part of the image: what is to stay is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package anklebot --bin anklebot \
    && install -D --strip target/release/anklebot /image/usr/local/bin/anklebot \
    && mkdir /image/data

# glibc and libgcc, no shell, no package manager. Certificates and time zones are in the program.
FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /image/usr/local/bin/anklebot /usr/local/bin/anklebot
# A new volume takes over who owns the folder it is mounted on. Here nobody could change that later.
COPY --from=build --chown=65532:65532 /image/data /data
# By its number: Kubernetes cannot tell by a name that a user is not root.
USER 65532:65532
# SQLite files are made in the folder the program runs in: anklebot.db, and anklebot-demo.db for the chat
# in the terminal. DATABASE_URL is not set here, or a chat would write into the club's data.
WORKDIR /data
VOLUME /data
# What is in hand is finished, within ten seconds.
STOPSIGNAL SIGTERM
# It asks the bot in this container, which needs no port for it. A chat has nobody to ask: it counts as ill.
HEALTHCHECK --interval=30s --timeout=6s --start-period=1m CMD ["/usr/local/bin/anklebot", "health"]
ENTRYPOINT ["/usr/local/bin/anklebot"]
