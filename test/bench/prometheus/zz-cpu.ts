import { playFleets } from './fleets.js';
import { backfill } from '../../support/prometheus/backfill/backfill.js';
import { startServer } from '../../support/prometheus/start-servers.js';
import { fleetSignals } from '../../support/fleet/fleet-signals.js';
import {
  PrometheusServers,
  PrometheusSource,
  type QueryAnswer,
} from '../../../src/sources/prometheus/index.js';
import { modelQueries, loadConfig } from '../../../src/config/index.js';
import { judge, defaultPolicy } from '../../../src/judge/index.js';
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { readAgain } from '../speed/timed-observations.js';
const endMs = Math.floor(Date.now() / 60000) * 60000;
const fleets = [
  { namespace: 'hour', looks: 60 },
  { namespace: 'restarted', looks: 60, restartMinute: 20 },
].slice(0, Number(process.argv[3] ?? 2));
const server = await startServer('victoria-metrics');
for (const s of playFleets(fleets, endMs)) await backfill(server, s);
writeFileSync(
  '/tmp/zz.yaml',
  stringify({
    access: { anonymous: 'allow' },
    prometheus: { servers: { main: { url: server.url, scrapeInterval: '30s' } } },
    models: { fraud: { source: 'prometheus', prometheus: fleetSignals({ default: {} }) } },
  }),
);
const c = loadConfig({ file: '/tmp/zz.yaml' });
if (!c.ok) throw new Error(JSON.stringify(c));
const servers = new PrometheusServers(c.value.prometheus.servers.values());
const real = servers.get('main')!;
const answers = new Map<string, QueryAnswer>();
const rec = {
  name: 'main',
  async query(q: any, s: AbortSignal) {
    const k = JSON.stringify(q);
    const a = answers.get(k) ?? (await real.query(q, s));
    answers.set(k, a);
    return a;
  },
};
const cpu = () => performance.now();
const med = (x: number[]) => [...x].sort((a, b) => a - b)[x.length >> 1]!;
for (const f of fleets) {
  const obs: number[] = [],
    jud: number[] = [];
  for (let i = 0; i < Number(process.argv[2] ?? 60); i++) {
    const src = new PrometheusSource({
      rules: {
        settleMs: 10000,
        lookbackMs: 86400000,
        restartGapMs: 600000,
        denominator: () => 'outcomes',
        routing: () => 'random',
      },
      queriesOf: (n, m) => modelQueries(c.value, n, m)!,
      server: () => rec,
      rollbacks: async () => [],
      changeMarker: async () => '',
      fetchTimeoutMs: 8000,
    });
    const t = cpu();
    const a = await src.observe({
      namespace: f.namespace,
      model: 'fraud',
      canary: 'v2',
      stable: 'v1',
      asOfMs: endMs + 60000,
      isNow: true,
    });
    const t2 = cpu();
    if (a.kind !== 'observations') throw new Error(JSON.stringify(a));
    const o = readAgain(a.observations);
    const t3 = cpu();
    judge(defaultPolicy(), o);
    const t4 = cpu();
    if (i >= 15) {
      obs.push(t2 - t);
      jud.push(t4 - t3);
    }
  }
  const q = (x: number[], p: number) => [...x].sort((a, b) => a - b)[Math.floor(x.length * p)]!.toFixed(1);
  console.log(
    f.namespace,
    'observe ms min/p25/p50',
    q(obs, 0),
    q(obs, 0.25),
    q(obs, 0.5),
    'judge',
    q(jud, 0),
    q(jud, 0.25),
    q(jud, 0.5),
  );
}
await server.stop();
