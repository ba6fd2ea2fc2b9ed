import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseObservations } from '../../../src/domain/observations-file.js';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { TestService } from '../../server/support/test-service.js';
import { noonMs, seriesOf, type Pod } from '../../sources/prometheus/support/simulated-pods.js';
import { valueOf } from '../../support/value-of.js';
import { ServedSeries } from '../online/support/served-series.js';
import { FileFolder } from '../support/observation-files.js';
import { runCommand, type FiledDocument } from '../support/run-command.js';

function pod(name: string, version: string, change: Partial<Pod> = {}): Pod {
  return {
    name,
    version,
    runs: [{ from: -7200, to: 7200 }],
    scrapeOffset: name.length,
    scrapeEvery: 15,
    serve: (second) => ({ requests: 4, errors: second % 97 === 0 ? 1 : 0 }),
    ...change,
  };
}

/** Fails for ten minutes, is gone for ten minutes, and comes again. */
const canary = pod('canary-a', 'v2', {
  runs: [
    { from: 30, to: 600 },
    { from: 1200, to: 7200 },
  ],
  serve: (second) => ({ requests: 2, errors: second < 600 && second % 4 === 0 ? 1 : 0 }),
});

describe('observe of what Prometheus has', () => {
  const folder = new FileFolder();
  let served: ServedSeries;

  before(async () => {
    served = await ServedSeries.start(seriesOf([pod('stable-a', 'v1'), pod('stable-bb', 'v1'), canary]));
  });

  after(async () => {
    await served.stop();
    folder.remove();
  });

  const parts = (entry: Readonly<Record<string, unknown>> = {}) => ({
    prometheus: { servers: { main: { url: served.url, scrapeInterval: '15s' } } },
    models: {
      fraud: {
        prometheus: {
          requests: 'http_requests_total',
          errors: { metric: 'http_requests_total', where: { code: { matches: '5..' } } },
          ...entry,
        },
      },
      churn: { source: 'ledger' },
    },
  });
  const config = (entry?: Readonly<Record<string, unknown>>) =>
    folder.write('config.yaml', stringify(parts(entry)));
  const timeAt = (minute: number) => new Date(noonMs + minute * 60_000 + 30_000).toISOString();

  /** The command for a minute after noon. */
  function observe(minute: number, ...more: readonly string[]): readonly string[] {
    const versions = ['--canary', 'v2', '--stable', 'v1'];
    return ['observe', '-c', config(), '-m', 'fraud', ...versions, '--as-of', timeAt(minute), ...more];
  }

  it('prints the looks, and needs and makes no ledger', async () => {
    const missing = folder.at('no-ledger');
    const { status, out, err } = await runCommand(observe(9, '--data-dir', missing));
    assert.equal(status, 0, err);
    const { looks, before: beforeLooks } = valueOf(parseObservations(JSON.parse(out)));
    assert.deepEqual([looks.length, beforeLooks.length], [9, 30]);
    assert.deepEqual(
      [looks[1]?.canary?.requests, looks[1]?.canary?.errors, looks[1]?.stable?.requests],
      [120, 15, 480],
    );
    assert.equal(existsSync(missing), false);
    assert.match(err, /^ml-verdict: note: there is no ledger in ".*no-ledger": rollbacks .* are not known/m);
  });

  it('says how many looks there are, and in sentences what was noticed', async () => {
    const file = folder.at('observed.json');
    const { status, out, err } = await runCommand(observe(25, '-o', file));
    assert.deepEqual([status, out], [0, '']);
    const [first, ...notes] = err.trimEnd().split('\n');
    assert.equal(first, `wrote 25 looks, 2026-01-05T12:00:00Z to 2026-01-05T12:25:00Z, to ${file}`);
    assert.ok(notes.every((line) => line.startsWith('ml-verdict: note: ')));
    assert.match(err, /note: latency: no metric of request times is named$/m);
    assert.match(
      err,
      /note: new series were counted from zero: .* \(\d+ times at 2026-01-05T12:01:00Z, for instance http_requests_total\{code="200",job="model",instance="canary-a:8080",pod="canary-a",version="v2"\}\)$/m,
    );
  });

  it('tells what cannot be counted', async () => {
    const noErrors = folder.write('no-errors.yaml', stringify(parts({ errors: 'http_failures_total' })));
    const { status, out, err } = await runCommand(observe(9, '-c', noErrors));
    assert.equal(status, 0);
    assert.equal(valueOf(parseObservations(JSON.parse(out))).looks[0]?.canary?.errorsUnmeasured, true);
    assert.match(err, /note: errors: .*the canary version has no series of http_failures_total/);
  });

  it('is judged as the service judges', async () => {
    const service = await TestService.start({ config: parts() });
    try {
      for (const minute of [4, 9, 25, 40]) {
        service.clock.nowMs = Date.parse(timeAt(minute));
        const file = folder.at(`at-${minute}.json`);
        const question = `model=fraud&canary=v2&stable=v1&asOf=${timeAt(minute)}`;
        const { source, ...asked } = (await service.askByQuery(question)) as VerdictDocument & {
          readonly source: Readonly<Record<string, unknown>>;
        };
        assert.equal(source['source'], 'prometheus');
        await runCommand(observe(minute, '-o', file, '--data-dir', service.dataDirectory));
        const { out } = await runCommand(['judge', '-o', 'json', file]);
        const { file: named, ...judged } = JSON.parse(out) as FiledDocument;
        assert.deepEqual(judged, asked, `${named} at minute ${minute}`);
      }
    } finally {
      await service.close();
    }
  });

  it('heeds the rollbacks that the service has answered, where its ledger is named', async () => {
    const service = await TestService.start({ config: parts() });
    try {
      service.clock.nowMs = Date.parse(timeAt(9));
      assert.equal((await service.askByQuery('model=fraud&canary=v2&stable=v1')).verdict, 'rollback');
      const known = await runCommand(observe(40, '--data-dir', service.dataDirectory));
      const unknown = await runCommand(observe(40, '--data-dir', folder.at('no-ledger')));
      const [restarted, whole] = [known, unknown].map(({ out }) =>
        valueOf(parseObservations(JSON.parse(out))),
      );
      assert.deepEqual([restarted?.restarts, restarted?.looks.length], [1, 20]);
      assert.deepEqual([whole?.restarts ?? 0, whole?.looks.length], [0, 40]);
      assert.match(
        known.err,
        /note: the canary began anew at 2026-01-05T12:20:00Z, after a rollback was answered and its traffic ended: what was before is left out$/m,
      );
    } finally {
      await service.close();
    }
  });

  it('says so while there is nothing to judge', async () => {
    const file = folder.at('early.json');
    const { status, err } = await runCommand(observe(40, '--since', timeAt(50), '-o', file));
    assert.equal(status, 0, err);
    assert.match(err, /^wrote no looks \(the canary has had no traffic yet\) to /);
    assert.deepEqual(valueOf(parseObservations(JSON.parse(readFileSync(file, 'utf8')))).looks, []);
  });

  it('refuses what it cannot answer, with the reason', async () => {
    const elsewhere = folder.write(
      'elsewhere.yaml',
      stringify({ ...parts(), prometheus: { servers: { main: { url: 'http://127.0.0.1:1' } } } }),
    );
    for (const [argv, message] of [
      [
        // Long after all pods have ended.
        ['observe', '-c', config(), '-m', 'fraud', '--canary', 'v2'],
        /^the server "main" has no requests of model fraud in the last 60 min: .* check-config --online says more$/,
      ],
      [observe(9, '--canary', 'v22'), /^model "fraud" has no version "v22"; did you mean "v2"\?$/],
      [observe(9, '--stable', 'v9'), /^model "fraud" has no version "v9"; /],
      [
        observe(9, '-c', elsewhere),
        /^the server prometheus "main" refuses connections at 127\.0\.0\.1:1: check that it runs, and url$/,
      ],
      [
        observe(9, '-m', 'churn', '--data-dir', folder.at('none')),
        /^there is no ledger in ".*none": no such folder$/,
      ],
    ] as const) {
      const { status, out, err } = await runCommand(argv);
      assert.deepEqual([status, out], [3, '']);
      assert.match(err.trimEnd().replace('ml-verdict: ', ''), message);
    }
  });
});
