# Two stages: compile with all dependencies, run with the production ones alone.
#   BASE          any image with Node.js >= 20.19 and npm on a glibc or musl Linux
#   RUNTIME_BASE  what the service runs on; Node.js in the PATH is enough, no shell and no npm. Of BASE's libc.
# A build behind a registry of its own passes its npm config as a secret, which stays out of the image:
#   docker build --secret id=npmrc,src=$HOME/.npmrc .
ARG BASE=node:24-bookworm-slim
ARG RUNTIME_BASE=${BASE}

FROM ${BASE} AS build
WORKDIR /app
ENV NPM_CONFIG_USERCONFIG=/run/secrets/npmrc
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY LICENSE ./
RUN node scripts/build.mjs \
 && npm prune --omit=dev --ignore-scripts --no-audit --no-fund --offline \
 && node scripts/strip-dependencies.mjs \
 && mkdir /data

# No RUN from here on: the image below needs no shell.
FROM ${RUNTIME_BASE}
LABEL org.opencontainers.image.title="ml-verdict" \
      org.opencontainers.image.description="Judges canaries of machine-learning models for Argo Rollouts" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"
# SQLite puts large temporary files into the only folder that can be written.
ENV NODE_ENV=production \
    ML_VERDICT_HOST=0.0.0.0 \
    ML_VERDICT_DATA_DIR=/data \
    SQLITE_TMPDIR=/data
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/scripts/healthcheck.mjs ./
COPY --from=build /app/dist ./dist
COPY --from=build --chown=65532:65532 /data /data
# Numeric, so that Kubernetes can tell that it is not root.
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "/app/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve"]
