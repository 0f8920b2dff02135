# One image for API and worker: the default command is the API, the worker is
#   docker run ... rollcall:VERSION node --enable-source-maps dist/workers/main.js
# Nothing is written at run time: it runs as a user without a home, on a read-only root file system (docs/deployment.md).

FROM node:22.23.3-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package needs its install script, and ours only notes the lockfile for `npm start`.
RUN npm ci --ignore-scripts
COPY . .
# Compiles to dist/ and bundles the workflows into dist/workflow-bundle.js.
RUN npm run build

FROM node:22.23.3-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Temporal's native library comes for five platforms, 25 to 30 MB each; only Linux runs here.
RUN npm ci --omit=dev --ignore-scripts \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 ! -name '*-unknown-linux-gnu' -exec rm -r {} +

FROM node:22.23.3-bookworm-slim
LABEL org.opencontainers.image.title="Rollcall" org.opencontainers.image.licenses="Apache-2.0"
# Beyond loopback, because a container has a network of its own; what is published is up to docker-compose.yml.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY deploy/health ./deploy/health
# A number, so that Kubernetes can tell that it is not root; it is the user `node` of the base image and owns nothing in /app.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "deploy/health/api.mjs"]
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
