# syntax=docker/dockerfile:1

# What runs: Node, ffmpeg, and the libraries that a worker built from source is linked with (the prebuilt
# one, which is taken where its release page can be reached, needs none of them).
FROM node:24-bookworm-slim AS base
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates ffmpeg libabsl20220623 libsrtp2-1 libssl3 libuv1 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app

# The same set-up as `npm start` does on any machine. The cache keeps a worker that had to be built here.
FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY . .
RUN --mount=type=cache,target=/root/.cache/sfumato \
  npm run setup > /tmp/found \
  && install -D "$(sed -n 's/^MEDIASOUP_WORKER_BIN=//p' /tmp/found)" bin/mediasoup-worker \
  && rm -f certs/*.pem

FROM base
ENV NODE_ENV=production DATA_DIR=/data MEDIASOUP_WORKER_BIN=/app/bin/mediasoup-worker WORKERS=2
COPY --from=build /app /app
# The certificate for development is made at the first start: a key in an image would be everybody's.
RUN mkdir -p /data certs && chown -R node:node /data certs
USER node
VOLUME ["/data"]
EXPOSE 8080 8443 40000-40001/udp 40000-40001/tcp
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "scripts/start.mjs"]
