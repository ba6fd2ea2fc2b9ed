# Two stages: compile with all dependencies, run with the production ones alone. BASE is any image with Node >= 20.19
# and npm on a glibc or musl Linux.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN node scripts/build.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE}
LABEL org.opencontainers.image.title="ml-verdict" \
      org.opencontainers.image.description="Judges canaries of machine-learning models for Argo Rollouts" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    ML_VERDICT_HOST=0.0.0.0 \
    ML_VERDICT_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A numeric user, so that Kubernetes can tell that it is not root; /data is the only folder that is written.
RUN mkdir /data && chown 65532:65532 /data
USER 65532:65532
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve"]
