/** Goes through docs/guides/prometheus.md as a reader would, on a real Prometheus. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { readCurl } from '../../docs/curl-request.js';
import { documentAt } from '../../docs/documents.js';
import type { Block } from '../../docs/markdown.js';
import { differences, isOutput } from '../../docs/sample.js';
import { readShell } from '../../docs/shell-commands.js';
import { backfill } from '../../support/prometheus/backfill/backfill.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { startPrometheus } from '../../support/prometheus/start-servers.js';
import { call } from '../../support/service/call.js';
import { until } from '../../support/until.js';
import { canaryHash, guideSeries, stableHash } from './guide/guide-pods.js';
import { GuideShell } from './guide/guide-shell.js';

const guide = documentAt('docs/guides/prometheus.md');

/** Commands, and the block under them that shows what comes. */
const steps = guide.blocks.flatMap((commands, index) => {
  if (commands.language !== 'sh') return [];
  const next = guide.blocks[index + 1];
  const shown = next?.language === 'text' || next?.language === 'json' ? next : undefined;
  return [{ commands, shown }];
});

interface FromPrometheus extends VerdictDocument {
  readonly source: { readonly queries: Readonly<Record<string, string>> };
}

describe('docs/guides/prometheus.md', function () {
  this.timeout(120_000);
  let server: MetricServer;
  let folder: string;
  let shell: GuideShell;
  let address: string | undefined;

  before(async () => {
    server = await startPrometheus();
    await backfill(server, guideSeries(Date.now()));
    folder = await mkdtemp(join(tmpdir(), 'ml-verdict-guide-'));
    shell = new GuideShell(folder);
    const config = guide.blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const here = config.replace('http://localhost:9090', server.url);
    assert.notEqual(here, config);
    await writeFile(join(folder, 'ml-verdict.yaml'), here);
    await writeFile(join(folder, 'mistaken.yaml'), here.replace('job: shop/', 'job: '));
  });

  after(async () => {
    await shell.stop();
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  });

  /** Tries the commands of a block, and compares what comes of the last of them. */
  async function follow(commands: Block, shown: Block | undefined): Promise<void> {
    for (const command of readShell(commands.text)) {
      const [program, name, subcommand = '', ...rest] = command.words;
      if (program === 'curl') {
        const { url } = readCurl(command, address ?? assert.fail('nothing serves yet'));
        const { status, text } = await call(url.href);
        assert.equal(status, 200);
        assert.deepEqual(differences(JSON.parse(shown?.text ?? ''), JSON.parse(text)), [], text);
        continue;
      }
      assert.deepEqual([program, name], ['npx', 'ml-verdict']);
      if (subcommand === 'serve') {
        address = await shell.serve([subcommand, ...rest]);
        continue;
      }
      const { status, output } = await shell.run([subcommand, ...rest]);
      const expected = shown?.text ?? '';
      // Only where they differ, so that a failure shows both.
      if (!isOutput(expected, output)) assert.equal(output, expected);
      assert.equal(status, expected.includes('Cannot be used') ? 3 : 0);
    }
  }

  for (const { commands, shown } of steps) {
    it(`line ${commands.line}: ${commands.text.split('\n')[0] ?? ''}`, () => follow(commands, shown));
  }

  it('has a command for each of its steps', () => {
    assert.deepEqual(
      steps.map(({ commands }) => /(?<=npx ml-verdict )\S+|^curl/.exec(commands.text)?.[0]),
      ['check-config', 'check-config', 'observe', 'judge', 'serve', 'curl'],
    );
  });

  async function ask(asOf: string): Promise<FromPrometheus> {
    const question = new URLSearchParams({
      namespace: 'shop',
      model: 'fraud-detector',
      canary: canaryHash,
      stable: stableHash,
      asOf,
    });
    const { text } = await call(`http://${address ?? ''}/v1/verdict?${question.toString()}`);
    return JSON.parse(text) as FromPrometheus;
  }

  it('shows queries that can be pasted', async () => {
    const { source } = await ask(new Date().toISOString());
    assert.equal(Object.keys(source.queries).length, 4);
    for (const query of Object.values(source.queries)) {
      const body = new URLSearchParams({ query }).toString();
      const { text } = await call(`${server.url}/api/v1/query`, {
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      });
      const { data } = JSON.parse(text) as { readonly data: { readonly result: readonly unknown[] } };
      assert.ok(data.result.length >= 3, query);
    }
  });

  it('has the file of observe judged like the service for the same instant', async () => {
    const asOf = new Date().toISOString();
    const versions = ['--canary', canaryHash, '--stable', stableHash];
    const observed = ['observe', '-c', 'ml-verdict.yaml', '-n', 'shop', '-m', 'fraud-detector', ...versions];
    await shell.run([...observed, '--data-dir', './ml-verdict-data', '--as-of', asOf, '-o', 'same.json']);
    const { output } = await shell.run(['judge', 'same.json', '-o', 'json']);
    const { source, ...asked } = await ask(asOf);
    assert.ok(source.queries['requests']);
    assert.deepEqual(JSON.parse(output), { file: 'same.json', ...asked });
  });

  it('tells how many queries a first verdict costs, and that the same one costs none', async () => {
    const told = guide.rows.filter(({ heading }) => heading === 'What it costs').map(({ cells }) => cells);
    const costOf = (what: string) => Number(told.find(([first = '']) => first.startsWith(what))?.[1]);
    const fresh = new GuideShell(folder);
    try {
      const own = await fresh.serve(['serve', '--config', 'ml-verdict.yaml', '--data-dir', './other-data']);
      const queries = async () => {
        const { text } = await call(`http://${own}/metrics`);
        const line = /^ml_verdict_upstream_queries_total\{server="main",result="answered"\} (\d+)$/m.exec(
          text,
        );
        return Number(line?.[1] ?? 0);
      };
      const question = `http://${own}/v1/verdict?namespace=shop&model=fraud-detector&canary=${canaryHash}&stable=${stableHash}`;
      // So that no look settles between the questions: that is so half a minute after its end.
      await until(() => (Date.now() / 1000 + 30) % 60 < 50);
      await call(question);
      assert.equal(await queries(), costOf('the first one'));
      await call(`${question}&guardrail=error-rate`);
      await call(question);
      assert.equal(await queries(), costOf('the first one') + costOf('the same again'));
    } finally {
      await fresh.stop();
    }
  });

  it('leaves nothing in the folder but what the commands say', () => {
    assert.equal(existsSync(join(folder, 'canary.json')), true);
    assert.equal(existsSync(join(folder, 'ml-verdict-data')), true);
  });
});
