# The gateway as an image. Nothing is compiled: Node runs the TypeScript as it stands.
# For production name the base by digest: --build-arg BASE=node:24-bookworm-slim@sha256:…
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Optional dependencies are the Node binaries for developers' machines; the base brings its own.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${BASE}
WORKDIR /app
# Secrets are mounted readable for all, by default; nobody else is in a container.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    SECRET_FILES_ALLOW_READABLE=on
# Numeric, so that an orchestrator can see that it is not root. The folder's owner is taken over by a new volume.
RUN install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json openapi.yaml LICENSE ./
COPY schemas schemas
COPY routes routes
COPY src src
USER 10001:10001
# All that is ever written is below /data: the root file system may be read-only.
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1 and gets the signal; the gateway then finishes what it has in hand (up to 210 s).
STOPSIGNAL SIGTERM
CMD ["node", "src/server.ts"]
