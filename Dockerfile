# Holdfast runs as it is written: nothing is compiled, only dependencies are installed.
# Build in the project folder: docker build -t holdfast .

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /opt/holdfast
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    HOLDFAST_DATA=/var/lib/holdfast \
    NODE_COMPILE_CACHE=/tmp/holdfast-compile-cache
WORKDIR /opt/holdfast
COPY --from=dependencies /opt/holdfast/node_modules ./node_modules
COPY package.json LICENSE ./
COPY schemas ./schemas
COPY services ./services
COPY infra ./infra
# The program belongs to root and cannot be changed by who runs it; only this folder can be written.
RUN install -d -o 1000 -g 1000 -m 0700 /var/lib/holdfast
# By number, so that an orchestrator can see that it is not root; Elasticsearch has the same, so both can read a secret.
USER 1000:1000
VOLUME /var/lib/holdfast
# Ready: the engines are reached and their settings are as they must be. Alive but not ready is no reason to restart.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then((r) => { process.exitCode = r.ok ? 0 : 1 }, () => { process.exitCode = 1 })"]
ENTRYPOINT ["node", "--max-semi-space-size=16", "--max-old-space-size=384", "services/cli/main.ts"]
CMD ["--help"]
