import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { OnlineReport } from '../../../src/cli/online/finding.js';
import { FakeServer, sendJson } from '../../sources/prometheus/server/support/fake-server.js';
import { FileFolder } from '../support/observation-files.js';
import { RecordingConsole, runCommand } from '../support/run-command.js';
import { canaryPod, podSeries, soundEntry, stablePods } from './support/scraped-model.js';
import { ServedSeries } from './support/served-series.js';

describe('check-config --online on the command line', () => {
  const folder = new FileFolder();
  let served: ServedSeries;

  before(async () => {
    // The command asks for what there is now.
    const scraping = { untilMs: Date.now() };
    served = await ServedSeries.start(
      [...stablePods, canaryPod].flatMap((pod) => podSeries({ ...pod, scraping })),
    );
  });

  after(async () => {
    await served.stop();
    folder.remove();
  });

  /** A config of a server and some models. */
  function config(
    models: Readonly<Record<string, unknown>> = { 'shop/fraud': { prometheus: soundEntry } },
    server: Readonly<Record<string, unknown>> = {},
  ): string {
    const servers = { main: { url: served.url, scrapeInterval: '15s', ...server } };
    return folder.write('config.yaml', stringify({ prometheus: { servers }, models }));
  }

  async function reportOf(argv: readonly string[]): Promise<OnlineReport & { readonly status: number }> {
    const { status, out } = await runCommand(['check-config', '--online', '-o', 'json', ...argv]);
    return { ...(JSON.parse(out) as OnlineReport), status };
  }

  it('prints a line for every finding and ends with 0 where all can be used', async () => {
    const { status, out } = await runCommand(['check-config', '--online', config()]);
    assert.equal(status, 0);
    const lines = out.trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^LEVEL +OF +CHECK +FOUND$/);
    assert.match(lines[1] ?? '', /^ok +main +server +answers queries in \d+ ms/);
    assert.match(lines[2] ?? '', /^ok +shop\/fraud +requests +6 series of http_requests_total, 3 targets/);
    assert.equal(lines.at(-1), 'Can be used: 0 errors, 0 warnings.');
    assert.doesNotMatch(out, /POLICY/);
  });

  it('ends with 3 where something cannot be used, and says how to fix it', async () => {
    const wrong = { 'shop/fraud': { prometheus: { ...soundEntry, requests: 'requests_total' } } };
    const { status, out } = await runCommand(['check-config', '--online', config(wrong)]);
    assert.equal(status, 3);
    assert.match(
      out,
      /^error +shop\/fraud +requests +requests_total: the server has no such metric\n +fix: check the name/m,
    );
    assert.match(out, /\nCannot be used like this: 1 error, 0 warnings\.\n$/);
  });

  it('wraps sentences to the width of a terminal', async () => {
    const wrong = { 'shop/fraud': { prometheus: { ...soundEntry, requests: 'requests_total' } } };
    const terminal = new RecordingConsole({ isTerminal: true, columns: 90 });
    await runCommand(['check-config', '--online', config(wrong)], {}, terminal);
    const lines = terminal
      .textTo('out')
      .replaceAll(/\u001b\[\d+m/g, '')
      .split('\n');
    assert.ok(Math.max(...lines.map((line) => line.length)) <= 90);
    assert.ok(lines.length >= 8);
  });

  it('gives the findings as documents', async () => {
    const report = await reportOf([config()]);
    assert.deepEqual([report.usable, report.status], [true, 0]);
    assert.deepEqual(report.findings[1], {
      level: 'ok',
      server: 'main',
      namespace: 'shop',
      model: 'fraud',
      check: 'requests',
      found: '6 series of http_requests_total, 3 targets: v1 (2 targets), v2 (1 target)',
    });
    const { out } = await runCommand(['check-config', '--online', '-o', 'yaml', config()]);
    assert.match(out, /^usable: true\nfindings:\n {2}- level: ok\n/);
  });

  it('looks at the model, the namespace and the versions that are named', async () => {
    const everywhere = config({
      '*': { prometheus: soundEntry },
      other: { policy: 'progressive' },
      kept: { source: 'ledger' },
    });
    const findingsOf = async (...argv: readonly string[]) =>
      (await reportOf([everywhere, ...argv])).findings.filter(({ model }) => model !== undefined);
    assert.deepEqual(
      [...new Set((await findingsOf()).map(({ namespace, model }) => `${namespace ?? ''}/${model ?? ''}`))],
      ['default/other'],
    );
    const [requests] = await findingsOf('-m', 'fraud', '-n', 'shop', '--canary', 'v2', '--stable', 'v1');
    assert.match(requests?.found ?? '', /^6 series/);
    const [alone] = await findingsOf('--model', 'fraud', '--namespace', 'shop', '--canary', 'v2');
    assert.match(alone?.found ?? '', /^2 series of http_requests_total, 1 target: v2/);
    const [elsewhere] = await findingsOf('-m', 'fraud');
    assert.match(elsewhere?.found ?? '', /no series with namespace="default": namespace is "shop"$/);
    assert.match(elsewhere?.fix ?? '', /--namespace/);
  });

  it('takes the namespace of the only entry of a model', async () => {
    const { findings } = await reportOf([config(), '-m', 'fraud']);
    assert.equal(findings[1]?.namespace, 'shop');
  });

  it('says what it has not looked at', async () => {
    const star = await runCommand(['check-config', '--online', config({ '*': { prometheus: soundEntry } })]);
    assert.equal(star.status, 0);
    assert.match(
      star.err,
      /^ml-verdict: note: models that have no entry of their own are tested with --model NAME/m,
    );
    const none = await runCommand(['check-config', '--online', config({})]);
    assert.deepEqual(
      [none.status, none.err],
      [0, 'ml-verdict: note: the config has no model that is read from Prometheus\n'],
    );
    const noServer = await runCommand(['check-config', '--online']);
    assert.deepEqual(
      [noServer.status, noServer.err],
      [0, 'ml-verdict: note: the config names no server in prometheus.servers\n'],
    );
  });

  it('refuses options that do not go together', async () => {
    for (const [argv, message] of [
      [['--model', 'fraud'], '--model: expected --online beside it'],
      [['-o', 'json'], '--output: expected --online beside it'],
      [['--timeout', '5s'], '--timeout: expected --online beside it'],
      [['--online', '--effective'], '--effective: expected without --online'],
      [['--online', '--canary', 'v2'], '--canary: expected --model beside it, and so beside --stable'],
      [['--online', '-m', 'fraud', '-n', 'shop', '--stable', 'v1'], '--stable: expected --canary beside it'],
      [
        ['--online', '-m', 'churn'],
        '--model: expected a model that is read from Prometheus; "churn" in namespace "default" is read from the ledger',
      ],
    ] as const) {
      const { status, out, err } = await runCommand(['check-config', config(), ...argv]);
      assert.deepEqual([status, out, err.split('\n').at(-2)], [3, '', `ml-verdict: ${message}`]);
    }
    for (const timeout of ['0s', '1h', 'soon']) {
      const { status, err } = await runCommand(['check-config', '--online', '--timeout', timeout]);
      assert.equal(status, 3);
      assert.match(err, /expected a time from 1 s to 600 s/);
    }
  });

  it('says in its help what its status means', async () => {
    const { out } = await runCommand(['check-config', '--help']);
    assert.match(out, /0 if the config can be used, else 3; with --online 3 also where an error was found/);
  });

  describe('where a server does not answer', () => {
    it('says why, and does not look at its models', async () => {
      const { findings, usable, status } = await reportOf([config(undefined, { url: 'http://127.0.0.1:1' })]);
      assert.deepEqual([usable, status], [false, 3]);
      assert.deepEqual(
        findings.map(({ level, check, found }) => [level, check, found]),
        [
          [
            'error',
            'server',
            'the server prometheus "main" refuses connections at 127.0.0.1:1: check that it runs, and url',
          ],
          ['error', 'requests', 'not checked: the server main does not answer'],
        ],
      );
    });

    it('tells which setting of the credentials to look at, and never the credentials', async () => {
      const secret = 'a-token-of-the-test';
      const seen: string[] = [];
      const closed = await FakeServer.start(({ headers }, response) => {
        seen.push(headers.authorization ?? '');
        sendJson(response, { status: 'error', errorType: 'denied', error: `no: ${secret}` }, 401);
      });
      try {
        const tokenFile = folder.write('token', secret);
        const file = config(undefined, { url: closed.url(), bearerTokenFile: tokenFile });
        for (const output of ['table', 'json'] as const) {
          const { status, out, err } = await runCommand(['check-config', '--online', '-o', output, file]);
          assert.equal(status, 3);
          assert.match(out, /refuses the credentials \(401\): check bearerTokenFile/);
          assert.doesNotMatch(out + err, new RegExp(secret));
        }
        assert.ok(seen.includes(`Bearer ${secret}`));
      } finally {
        await closed.stop();
      }
    });

    it('ends in time', async () => {
      const silent = await FakeServer.start(() => undefined);
      try {
        const started = performance.now();
        const { findings, status } = await reportOf([
          config(undefined, { url: silent.url() }),
          '--timeout',
          '1s',
        ]);
        assert.equal(status, 3);
        assert.match(findings[0]?.found ?? '', /had not answered after \d+ ms/);
        assert.ok(performance.now() - started < 5000);
      } finally {
        await silent.stop();
      }
    });
  });
});
