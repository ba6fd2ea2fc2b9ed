import assert from 'node:assert/strict';
import { loadConfig, modelQueries, prometheusServers, type Config } from '../../src/config/index.js';
import { success } from '../../src/domain/result.js';
import { defaultLedgerSettings, minuteMs, PrometheusSource } from '../../src/sources/index.js';
import { WrittenConfig } from '../config/support/written-config.js';
import { canaryHash, guideSeries, stableHash } from '../conformance/prometheus/guide/guide-pods.js';
import { SimulatedServer } from '../sources/prometheus/support/simulated-server.js';
import { valueOf } from '../support/value-of.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/guides/prometheus.md');

/** The cells of the rows under a heading. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  return page.rows.filter((row) => row.heading === heading).map(({ cells }) => cells);
}

/** Its commands are tried by test/conformance/prometheus/guide.suite.ts, on a real Prometheus. */
describe('docs/guides/prometheus.md', () => {
  const written = new WrittenConfig();
  let config: Config;

  before(() => {
    config = written.load(page.blocks.find(({ language }) => language === 'yaml')?.text ?? '');
  });

  after(() => {
    written.remove();
  });

  it('tells what the looks of its model cost, at first and one by one', async () => {
    const noonMs = Date.parse('2026-01-05T12:00:00Z');
    const server = new SimulatedServer(
      guideSeries(noonMs).map(({ labels, samples }) => ({
        labels,
        samples: samples.map(({ timeMs, value }) => [timeMs, Number(value)] as const),
      })),
    );
    const queries = modelQueries(config, 'shop', 'fraud-detector');
    assert.ok(queries);
    const source = new PrometheusSource({
      rules: defaultLedgerSettings,
      queriesOf: () => success(valueOf(queries)),
      server: () => server,
      rollbacks: () => Promise.resolve([]),
      changeMarker: () => Promise.resolve(''),
      fetchTimeoutMs: 5000,
    });
    const costOfMinute = async (minute: number) => {
      const before = server.asked.length;
      const answer = await source.observe({
        namespace: 'shop',
        model: 'fraud-detector',
        canary: canaryHash,
        stable: stableHash,
        asOfMs: noonMs + minute * minuteMs + 35_000,
        isNow: true,
      });
      assert.equal(answer.kind, 'observations', JSON.stringify(answer));
      return server.asked.length - before;
    };
    const costs = [await costOfMinute(0), await costOfMinute(0), await costOfMinute(1)];
    const told = rowsUnder('What it costs').flatMap(([, cost]) =>
      /^\d+$/.test(cost ?? '') ? [Number(cost)] : [],
    );
    assert.deepEqual(told, costs);
  });

  it('tells the limits as they are by default', () => {
    const defaults = valueOf(loadConfig({ env: {} }));
    const [server] = prometheusServers(config);
    assert.ok(server);
    const told = rowsUnder('What it costs').map(([, value = '']) => value);
    for (const value of [
      `${server.timeoutMs / 1000} s; ${defaults.server.verdictDeadlineMs / 1000} s`,
      `${server.maxSeries.toLocaleString('en-US')} series, ${server.maxResponseBytes / 1024 ** 2} MiB`,
      `${server.concurrency}, ${server.concurrency * 20} more wait`,
    ]) {
      assert.ok(told.includes(value), value);
    }
    assert.equal(defaults.looks.settleMs, 10_000);
    assert.equal(defaults.looks.lookbackMs, 24 * 60 * minuteMs);
  });

  it('names the labels of collectors that count once by default', () => {
    const queries = modelQueries(config, 'shop', 'fraud-detector');
    assert.ok(queries);
    const listed = valueOf(queries)
      .replicaLabels.map((label) => `\`${label}\``)
      .join(', ');
    assert.ok(page.text.includes(`\`replicaLabels\` (${listed})`), listed);
  });

  it('has every way to access a server that there is', () => {
    const access = page.blocks.find(({ heading, language }) => heading === 'Access' && language === 'yaml');
    const servers = prometheusServers(written.load(access?.text ?? ''));
    assert.deepEqual(
      servers.map(({ access: { kind }, tls }) => (tls.certFile === undefined ? kind : 'certificate')),
      ['basic', 'bearer', 'oauth2', 'certificate'],
    );
  });
});
