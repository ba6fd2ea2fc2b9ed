import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Verdict, VerdictDocument } from '../../../src/domain/verdict.js';
import { fleetSignals } from '../../support/fleet/fleet-signals.js';
import { backfill } from '../../support/prometheus/backfill/backfill.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { startServer } from '../../support/prometheus/start-servers.js';
import { compiledProgram, repository } from '../../support/service/compiled-program.js';
import { ServiceProcess } from '../../support/service/service-process.js';
import { serverKinds } from './scene-servers.js';
import { countersOf, scrapeIntervalMs } from './same-verdicts/counters-of.js';
import { demoTraffic, simulatedCanary, type RecordedTraffic } from './same-verdicts/recorded-traffic.js';

const minuteMs = 60_000;

/** The end of the last look of every recording. */
const endMs = Math.floor(Date.now() / minuteMs) * minuteMs - minuteMs;

/** After the end of a look, when it counts from either source. */
const settledMs = 2 * scrapeIntervalMs + 5000;

/** The recordings, and the verdicts that each of its canaries ends with: a suite of holds would show little. */
const recordings: Readonly<Record<string, { traffic: RecordedTraffic; ends: Record<string, Verdict> }>> = {
  healthy: { traffic: simulatedCanary('healthy', {}, endMs), ends: { v2: 'promote' } },
  'two-percent-errors': {
    traffic: simulatedCanary('two-percent-errors', { failing: 0.02 }, endMs),
    ends: { v2: 'rollback' },
  },
  'p99-of-700-ms': {
    traffic: simulatedCanary('p99-of-700-ms', { slowMs: 700 }, endMs),
    ends: { v2: 'rollback' },
  },
  drifted: { traffic: simulatedCanary('drifted', { scorePower: 4 }, endMs), ends: { v2: 'rollback' } },
  'fewer-outcomes': {
    traffic: simulatedCanary('fewer-outcomes', { yes: 0.85 }, endMs),
    ends: { v2: 'rollback' },
  },
  demo: {
    traffic: demoTraffic(['retrain', 'celsius', 'explained-forest'], endMs),
    ends: { retrain: 'promote', celsius: 'rollback', 'explained-forest': 'rollback' },
  },
};

const sources = ['ledger', ...serverKinds] as const;

type Source = (typeof sources)[number];

/** The same recording has a namespace of its own for every source. */
function namespaceOf(recording: string, source: Source): string {
  return `${recording}-${source}`;
}

function modelEntries(): Readonly<Record<string, unknown>> {
  const entries = Object.entries(recordings).flatMap(([recording, { traffic }]) =>
    sources.map((source) => {
      const signals = fleetSignals(Object.fromEntries(traffic.outcomes.map((name) => [name, {}])));
      const read =
        source === 'ledger'
          ? { source }
          : {
              source: 'prometheus',
              prometheus: { ...signals, server: source, where: { namespace: recording } },
            };
      return [`${namespaceOf(recording, source)}/${traffic.model}`, read] as const;
    }),
  );
  return Object.fromEntries(entries);
}

describe('the same recorded canary', function () {
  this.timeout(120_000);
  const servers: MetricServer[] = [];
  const agent = new Agent({ keepAlive: true });
  let folder: string;
  let service: ServiceProcess;

  before(async () => {
    compiledProgram();
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-same-'));
    const series = Object.entries(recordings).flatMap(([recording, { traffic }]) =>
      countersOf(traffic, recording, endMs),
    );
    for (const kind of serverKinds) {
      const server = await startServer(kind);
      servers.push(server);
      await backfill(server, series);
    }
    const demo = parse(readFileSync(join(repository, 'src/cli/demo/config.yaml'), 'utf8')) as {
      policies: Readonly<Record<string, unknown>>;
      models: Readonly<Record<string, unknown>>;
    };
    service = await ServiceProcess.start({
      ledger: { folder },
      config: {
        policies: demo.policies,
        prometheus: {
          servers: Object.fromEntries(
            servers.map(({ kind, url }) => [kind, { url, scrapeInterval: `${scrapeIntervalMs / 1000}s` }]),
          ),
        },
        models: { ...demo.models, ...modelEntries() },
      },
    });
    for (const [recording, { traffic }] of Object.entries(recordings)) {
      for (const body of traffic.bodies) {
        await send('predictions', body.predictions, namespaceOf(recording, 'ledger'));
        await send('outcomes', body.outcomes, namespaceOf(recording, 'ledger'));
      }
    }
  });

  after(async () => {
    agent.destroy();
    await service.kill();
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function send(what: string, lines: string, namespace: string): Promise<void> {
    if (lines === '') return;
    const body = lines.replaceAll(/^\{/gm, `{"namespace":"${namespace}",`);
    const { status, text } = await service.call(`/v1/${what}`, { body, agent });
    assert.equal(status, 200, text);
    assert.deepEqual((JSON.parse(text) as { refused: unknown }).refused, []);
  }

  async function ask(
    recording: string,
    source: Source,
    canary: string,
    look: number,
  ): Promise<VerdictDocument> {
    const { model, stable, zeroMs } = recordings[recording]?.traffic ?? assert.fail();
    const query = new URLSearchParams({
      ...{ namespace: namespaceOf(recording, source), model, canary, stable },
      asOf: new Date(zeroMs + look * minuteMs + settledMs).toISOString(),
    });
    const { status, text } = await service.call(`/v1/verdict?${query.toString()}`, { agent });
    assert.equal(status, 200, text);
    return JSON.parse(text) as VerdictDocument;
  }

  for (const [recording, { traffic, ends }] of Object.entries(recordings)) {
    for (const [canary, looks] of traffic.canaries) {
      it(`gets the same verdicts from the ledger, Prometheus and VictoriaMetrics, look by look: ${recording}, ${canary}`, async () => {
        const verdicts = new Set<Verdict>();
        for (let look = 1; look <= looks; look += recording === 'demo' && look > 10 ? 5 : 1) {
          const [fromLedger, ...others] = await Promise.all(
            sources.map((source) => ask(recording, source, canary, look)),
          );
          assert.ok(fromLedger !== undefined);
          verdicts.add(fromLedger.verdict);
          assert.equal(fromLedger.looks, look);
          for (const [index, document] of others.entries()) {
            const { source, ...judged } = document;
            assert.deepEqual(judged, fromLedger, `look ${look} from ${serverKinds[index] ?? ''}`);
            assert.equal((source as { server: unknown }).server, serverKinds[index]);
          }
        }
        assert.ok(verdicts.has(ends[canary] ?? 'hold'), [...verdicts].join(', '));
      });
    }
  }
});
