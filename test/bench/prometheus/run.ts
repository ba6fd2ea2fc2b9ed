import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { backfill } from '../../support/prometheus/backfill/backfill.js';
import type { MetricServer, MetricServerKind } from '../../support/prometheus/metric-server.js';
import { startServer } from '../../support/prometheus/start-servers.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { fleetSignals } from '../../support/fleet/fleet-signals.js';
import { machine, targetTable, type Target } from '../load/target-table.js';
import { concurrentVerdicts } from './concurrent-verdicts.js';
import { outcome, playFleets, pods, scrapeIntervalMs, sizeOf, type FleetPlan } from './fleets.js';
import { at, bytesOf, heads, ms, ofAllowed, row } from './verdict-rows.js';
import { VerdictRig, type TimedVerdict } from './verdict-rig.js';

/** `npm run bench:prometheus`: what a verdict from Prometheus costs beside the queries that it needs. Writes nothing. */

const minuteMs = 60_000;
const [warmUps, runs, dayRuns] = [8, 40, 5];
const askedAtOnce = 100;

const hour: FleetPlan = { namespace: 'hour', looks: 60 };
const restarted: FleetPlan = { namespace: 'restarted', looks: 60, restartMinute: 20 };
const day: FleetPlan = { namespace: 'day', looks: 1440 };

const names: Readonly<Record<MetricServerKind, string>> = {
  prometheus: 'Prometheus',
  'victoria-metrics': 'VictoriaMetrics',
};

/** Models that are read in the same way. */
const models = ['fraud', 'fraud-again'] as const;

const targets: Target[] = [];

process.stdout.write(`What a verdict from Prometheus costs.

What: verdicts with the default policy (requests, errors, request times in 14 buckets, scores in 14, one outcome) on ${pods} pods that are
scraped every ${scrapeIntervalMs / 1000} s, on real servers in this machine, which they share with the service. The canary has begun ${hour.looks} looks before, and is
scaled up twice since; 30 looks before it are read too.
How: the whole of a verdict behind the routes (its questions, queries, counting, judging, the write to the history) is timed in this process,
since a client in HTTP would share the processors with it; the time of a query is what the service's own client measures, from the
moment the query is let through to the end of reading its answer. "First": ${runs} runs, each with a service that has fetched nothing,
after ${warmUps} others that are not timed. 100 at once: the compiled program, over HTTP.
Where: ${machine()}.
`);
compiledProgram();
for (const kind of ['prometheus', 'victoria-metrics'] as const) {
  const server = await startServer(kind);
  try {
    await measure(server);
  } finally {
    await server.stop();
  }
}
process.stdout.write(`\n${targetTable(targets)}\n${machine()}\n`);

async function measure(server: MetricServer): Promise<void> {
  const name = names[server.kind];
  const endMs = Math.floor(Date.now() / minuteMs) * minuteMs - 2 * minuteMs;
  const sinceMs = performance.now();
  let samples = 0;
  for (const series of playFleets([day, hour, restarted], endMs)) {
    samples += sizeOf(series);
    await backfill(server, series);
  }
  const seconds = (performance.now() - sinceMs) / 1000;
  process.stdout.write(
    `\n${name}, with ${samples.toLocaleString('en-US')} samples, written in ${seconds.toFixed(0)} s\n`,
  );
  const config = {
    prometheus: { servers: { main: { url: server.url, scrapeInterval: `${scrapeIntervalMs / 1000}s` } } },
    models: Object.fromEntries(models.map((model, index) => [model, modelEntry(index)])),
  };
  const concurrent = await concurrentVerdicts(config, hour.namespace, models, askedAtOnce);
  const rig = await VerdictRig.open(config);
  try {
    // The newest look counts once two scrapes have followed it.
    const nowMs = endMs + 2 * scrapeIntervalMs;
    await timed(rig, hour, nowMs, warmUps);
    const first = await timed(rig, hour, nowMs, runs);
    const later = await timedOneLookLater(rig, nowMs);
    const crashed = await timed(rig, restarted, nowMs, runs / 2);
    const wholeDay = await timed(rig, day, nowMs, dayRuns);
    process.stdout.write(
      plainTable(heads, [
        row(`first verdict, ${hour.looks} looks`, first),
        row('one look later', later),
        row('first, with a pod that was restarted', crashed),
        row(`first verdict, 24 h, ${day.looks} looks`, wholeDay),
      ]),
    );
    process.stdout.write(
      `${concurrent.asked} verdicts on one canary at once, over HTTP: ${concurrent.queries} queries, for one alone ${concurrent.alone}; the last answer after ${ms(concurrent.slowestMs)} ms.\n`,
    );
    targets.push(
      {
        what: `${name}: first verdict, of max(1.2 × slowest query, it + 10 ms), p99 of ${runs}`,
        unit: '%',
        figure: 100 * at(first.map(ofAllowed), 0.99),
        wanted: 100,
        is: 'at most',
      },
      {
        what: `${name}: bytes for one more look, of those for the first verdict`,
        unit: '%',
        figure: (100 * at(later.map(bytesOf), 0.5)) / at(first.map(bytesOf), 0.5),
        wanted: 33,
        is: 'at most',
      },
      {
        what: `${name}: queries of ${concurrent.asked} verdicts at once, of those of one`,
        unit: '×',
        figure: concurrent.queries / concurrent.alone,
        wanted: 1,
        is: 'at most',
      },
    );
  } finally {
    await rig.close();
  }
}

/** The entry of a model. */
function modelEntry(index: number): object {
  const signals = fleetSignals({ [outcome]: {} });
  // No series has such a label: it only makes the canaries of two models two, of which nothing is kept together.
  return { source: 'prometheus', prometheus: { ...signals, replicaLabels: [`replica_${index}`] } };
}

/** First verdicts, each of a service that has fetched nothing. */
async function timed(
  rig: VerdictRig,
  { namespace, looks }: FleetPlan,
  nowMs: number,
  times: number,
): Promise<readonly TimedVerdict[]> {
  const verdicts: TimedVerdict[] = [];
  for (let run = 0; run < times; run++) {
    const fresh = rig.open();
    try {
      verdicts.push(asked(await fresh.ask(models[0], namespace, nowMs), looks));
    } finally {
      fresh.close();
    }
  }
  return verdicts;
}

/** Verdicts of services that have given one a look before. */
async function timedOneLookLater(rig: VerdictRig, nowMs: number): Promise<readonly TimedVerdict[]> {
  const verdicts: TimedVerdict[] = [];
  for (let run = 0; run < runs / 2; run++) {
    const fresh = rig.open();
    try {
      await fresh.ask(models[0], hour.namespace, nowMs - minuteMs);
      verdicts.push(asked(await fresh.ask(models[0], hour.namespace, nowMs), hour.looks));
    } finally {
      fresh.close();
    }
  }
  return verdicts;
}

/** A bench of something else than what is meant would measure nothing. */
function asked(verdict: TimedVerdict, looks: number): TimedVerdict {
  const { document } = verdict;
  if (document.looks !== looks || document.verdict !== 'promote') {
    throw new Error(`expected a promote after ${looks} looks, got ${JSON.stringify(document)}`);
  }
  return verdict;
}
