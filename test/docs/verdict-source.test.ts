import assert from 'node:assert/strict';
import { success } from '../../src/domain/result.js';
import { minuteMs } from '../../src/sources/index.js';
import { noteCodes } from '../../src/sources/prometheus/counting/notes.js';
import { PrometheusSource } from '../../src/sources/prometheus/prometheus-source.js';
import type { CountSignal, Matcher, ModelQueries } from '../../src/sources/prometheus/signals/signal.js';
import { noonMs, seriesOf } from '../sources/prometheus/support/simulated-pods.js';
import { SimulatedServer } from '../sources/prometheus/support/simulated-server.js';
import { documentAt } from './documents.js';
import { differences } from './sample.js';

const page = documentAt('docs/http.md');
const heading = 'The source of the counts';

/** The words in code spans of the first cells of the tables there, one list a table. */
const [members = [], notes = []] = ['member', 'note'].map((head) => {
  const rows = page.rows.filter((row) => row.heading === heading).map(({ cells }) => cells[0] ?? '');
  const from = rows.indexOf(head) + 1;
  const isHead = (cell: string): boolean => !cell.startsWith('`');
  const end = rows.findIndex((cell, position) => position >= from && isHead(cell));
  return rows
    .slice(from, end < 0 ? undefined : end)
    .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
});

const inShop: Matcher = { label: 'namespace', operator: '=', value: 'shop' };
const failed: Matcher = { label: 'code', operator: '=~', value: '5..' };

function counter(...where: readonly Matcher[]): CountSignal {
  return { plus: { metrics: ['http_requests_total'], where } };
}

/** As the config of the example is resolved. */
const queries: ModelQueries = {
  server: 'main',
  preset: 'http-code',
  signals: { requests: counter(inShop), errors: counter(inShop, failed), predictions: {}, outcomes: {} },
  version: { label: 'version', pattern: '{{version}}' },
  startTime: { metric: 'process_start_time_seconds', on: ['job', 'instance'] },
  targetLabels: ['pod', 'job', 'instance'],
  replicaLabels: [],
  aggregated: false,
  scrapeIntervalMs: 15_000,
  missing: { latency: 'the config says that it is not measured' },
};

/** What a verdict of 12:20 shows of a canary that began at noon. */
async function sourceOf(change: Partial<ModelQueries> = {}): Promise<Readonly<Record<string, unknown>>> {
  const pods = [
    { name: 'stable-a', version: 'v1', from: -7200 },
    { name: 'canary-a', version: 'v2', from: 30 },
  ].map(({ from, ...pod }) => ({
    ...pod,
    runs: [{ from, to: 7200 }],
    scrapeOffset: 3,
    scrapeEvery: 15,
    serve: (second: number) => ({ requests: 3, errors: second % 70 === 0 ? 1 : 0 }),
  }));
  const series = seriesOf(pods).map((one) => ({ ...one, labels: { ...one.labels, namespace: 'shop' } }));
  const source = new PrometheusSource({
    rules: {
      settleMs: 10_000,
      lookbackMs: 24 * 60 * minuteMs,
      restartGapMs: 10 * minuteMs,
      denominator: () => 'outcomes',
      routing: () => 'random',
    },
    queriesOf: () => success({ ...queries, ...change }),
    server: () => new SimulatedServer(series),
    rollbacks: () => Promise.resolve([]),
    changeMarker: () => Promise.resolve('0'),
    fetchTimeoutMs: 5000,
  });
  const answer = await source.observe({
    namespace: 'shop',
    model: 'fraud-detector',
    canary: 'v2',
    stable: 'v1',
    asOfMs: noonMs + 20 * minuteMs + 40_000,
    isNow: true,
  });
  if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
  return answer.details;
}

describe('docs/http.md: the source of the counts', () => {
  it('explains every member, and no other', async () => {
    const signals = { requests: counter(inShop), predictions: {}, outcomes: {} };
    const found = [await sourceOf(), await sourceOf({ aggregated: true, signals })];
    assert.deepEqual([...members].sort(), [...new Set(found.flatMap((one) => Object.keys(one)))].sort());
  });

  it('explains every note, and no other', () => {
    assert.deepEqual([...notes].sort(), [...noteCodes].sort());
  });

  it('shows what there really is', async () => {
    const [shown] = page.blocks.filter((block) => block.heading === heading && block.language === 'json');
    assert.ok(shown);
    const really = { ...(await sourceOf()), server: 'main' };
    assert.deepEqual(differences(JSON.parse(shown.text), really), []);
  });
});
