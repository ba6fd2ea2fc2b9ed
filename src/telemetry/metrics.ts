import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { readBuildInfo } from './build-info.js';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Every metric of the service. Label values are bounded: routes, codes and names that the config lists. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes the metrics on a registry of their own. `processMetrics` adds those of the process (memory, event loop,
 * garbage collection), which belong to one service a process.
 */
export function createMetrics({ processMetrics }: { readonly processMetrics: boolean }) {
  const registry = new Registry();
  const registers = [registry];
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const build = readBuildInfo();
  new Gauge({
    name: 'ml_verdict_build_info',
    help: 'Always 1; the version that is running is in the labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: build.version, node: process.versions.node }, 1);

  return {
    registry,
    httpRequests: new Counter({
      name: 'ml_verdict_http_requests_total',
      help: 'Answered requests by route pattern, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'ml_verdict_http_request_duration_seconds',
      help: 'Time from the head of a request to the end of its answer, by route pattern and method.',
      labelNames: ['route', 'method'],
      buckets: secondsBuckets,
      registers,
    }),
    accessRefusals: new Counter({
      name: 'ml_verdict_access_refusals_total',
      help: 'Requests that were not let in, or held lines that were not, by reason: missing-credentials, malformed-credentials, unknown-token, unknown-issuer, unknown-key, invalid-jwt, expired-jwt, wrong-audience, keys-unavailable, missing-scope, other-model.',
      labelNames: ['reason'],
      registers,
    }),
    requestsShed: new Counter({
      name: 'ml_verdict_requests_shed_total',
      help: 'Requests that were refused because of a limit: concurrency (503), rate (429), memory (503), time or pipelining (cut off).',
      labelNames: ['reason'],
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'ml_verdict_requests_in_flight',
      help: 'Requests that are being answered, by the kind that has a limit: verdicts, ingest, reads.',
      labelNames: ['pool'],
      registers,
    }),
    configReloads: new Counter({
      name: 'ml_verdict_config_reloads_total',
      help: 'Times the config was read again: applied, or refused (the one before stays in force).',
      labelNames: ['result'],
      registers,
    }),
    configLastReload: new Gauge({
      name: 'ml_verdict_config_last_reload_successful',
      help: 'Whether the config in force is what the files say: 1, or 0 after a reload that was refused.',
      registers,
    }),
    configLastReloadTime: new Gauge({
      name: 'ml_verdict_config_last_reload_success_timestamp_seconds',
      help: 'When the config in force was read.',
      registers,
    }),
    certificateExpiry: new Gauge({
      name: 'ml_verdict_tls_certificate_expiry_timestamp_seconds',
      help: 'When the certificate that the service shows expires; absent without TLS.',
      registers,
    }),
    verdicts: new Counter({
      name: 'ml_verdict_verdicts_total',
      help: 'Verdicts given, by model ("other" for models that the config does not list), guardrail ("combined" for the whole policy), verdict and reason code.',
      labelNames: ['model', 'guardrail', 'verdict', 'reason'],
      registers,
    }),
    verdictAnswers: new Counter({
      name: 'ml_verdict_verdict_answers_total',
      help: 'Where answers came from: evaluated now, cached from the same question about the same look, shared with an identical question under way, or refused before evaluation.',
      labelNames: ['from'],
      registers,
    }),
    verdictSeconds: new Histogram({
      name: 'ml_verdict_verdict_evaluation_seconds',
      help: 'Time to evaluate a verdict, reading the observations included.',
      buckets: secondsBuckets,
      registers,
    }),
    verdictFailures: new Counter({
      name: 'ml_verdict_verdict_failures_total',
      help: 'Verdicts that became a hold because something failed, by what it was: source, deadline, history, internal.',
      labelNames: ['what'],
      registers,
    }),
    guardrailEstimate: new Gauge({
      name: 'ml_verdict_guardrail_estimate',
      help: 'The last estimate of each guardrail, for models that the config lists.',
      labelNames: ['model', 'guardrail'],
      registers,
    }),
    guardrailThreshold: new Gauge({
      name: 'ml_verdict_guardrail_threshold',
      help: 'What the last estimate of each guardrail was compared with, overrides of the request included, for models that the config lists; side is promote or rollback.',
      labelNames: ['model', 'guardrail', 'side'],
      registers,
    }),
    guardrailEvidence: new Gauge({
      name: 'ml_verdict_guardrail_evidence_ratio',
      help: 'The last evidence of each guardrail divided by the evidence that is needed, for models that the config lists.',
      labelNames: ['model', 'guardrail', 'direction'],
      registers,
    }),
    sourceSeconds: new Histogram({
      name: 'ml_verdict_source_read_seconds',
      help: 'Time to read the observations of a canary, by source.',
      labelNames: ['source'],
      buckets: secondsBuckets,
      registers,
    }),
    sourceAnswers: new Counter({
      name: 'ml_verdict_source_answers_total',
      help: 'Answers of the source of observations by kind: observations, unknown-model, unknown-version, partial, unavailable.',
      labelNames: ['source', 'kind'],
      registers,
    }),
    upstreamQueries: new Counter({
      name: 'ml_verdict_upstream_queries_total',
      help: 'Queries to servers with the Prometheus query API by what came of them: answered; partial (it says so); aborted (the deadline of the caller); timeout; unreachable; denied (credentials); rejected (the query); failed; too-large; not sent: overloaded (too many at a time), broken (the breaker is open).',
      labelNames: ['server', 'result'],
      registers,
    }),
    upstreamSeconds: new Histogram({
      name: 'ml_verdict_upstream_query_seconds',
      help: 'Time of a query to a server with the Prometheus query API, a second attempt included, waiting for a place not.',
      labelNames: ['server'],
      buckets: secondsBuckets,
      registers,
    }),
    upstreamBreakerOpen: new Gauge({
      name: 'ml_verdict_upstream_breaker_open',
      help: 'Whether a server with the Prometheus query API is not asked because it failed again and again: 1 until a query shows that it is back, else 0.',
      labelNames: ['server'],
      registers,
    }),
    ingestLines: new Counter({
      name: 'ml_verdict_ingest_lines_total',
      help: 'Lines of ingest bodies by what became of them: accepted or refused; of the accepted ones, late (their look had been closed) and unmatched (outcomes without their prediction so far).',
      labelNames: ['kind', 'result'],
      registers,
    }),
    ingestBatches: new Counter({
      name: 'ml_verdict_ingest_batches_total',
      help: 'Ingest bodies by what became of them: stored, duplicate (the idempotency key was known), refused as a whole (the request was wrong, or did not arrive to its end), or failed (the service could not keep it).',
      labelNames: ['kind', 'result'],
      registers,
    }),
    events: new Counter({
      name: 'ml_verdict_events_total',
      help: 'Payload events of KServe and Seldon by what became of them: counted; unread (a request without a readable prediction); paired (a request whose response is counted); unanswered (a request without a response: an error); unpaired (its other half was lost); ignored (no inference, or not wanted); duplicate; shed (too much to do); lost (the ledger did not take it); refused (too many names); invalid (400); denied (401, 403); broken (broke off).',
      labelNames: ['result'],
      registers,
    }),
    ledgerWriteSeconds: new Histogram({
      name: 'ml_verdict_ledger_write_seconds',
      help: 'Time from the start of an ingest body, or of a verdict to be kept, until it is durable.',
      labelNames: ['what'],
      buckets: secondsBuckets,
      registers,
    }),
    ledgerUp: new Gauge({
      name: 'ml_verdict_ledger_up',
      help: 'Whether the ledger answers: 1, or 0 while it does not; verdicts hold then, and ingest is refused.',
      registers,
    }),
    ledgerSize: new Gauge({
      name: 'ml_verdict_ledger_size_bytes',
      help: 'What the ledger takes, indexes included.',
      registers,
    }),
    ledgerSwept: new Counter({
      name: 'ml_verdict_ledger_swept_rows_total',
      help: 'Rows that were removed from the ledger because of their age or its size: prediction-ids, pending-outcomes, idempotency-keys, minutes (of versions), verdicts, names (models, versions, outputs and outcomes without counts).',
      labelNames: ['what'],
      registers,
    }),
  } as const;
}
