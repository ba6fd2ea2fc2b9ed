import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { ledgerSettings, loadConfig } from '../../src/config/index.js';
import { parseObservations } from '../../src/domain/observations-file.js';
import type { VerdictDocument } from '../../src/domain/verdict.js';
import { defaultPolicy, judge } from '../../src/judge/index.js';
import { startServer } from '../../src/server/index.js';
import { CountBatch, openLedger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { valueOf } from '../support/value-of.js';
import { FileFolder } from './support/observation-files.js';
import { runCommand, type FiledDocument } from './support/run-command.js';

const firstMs = Date.parse('2026-01-05T10:00:00Z');
const minuteMs = 60_000;
/** Half a minute after the tenth look, so that it has settled. */
const asOf = '2026-01-05T10:10:30Z';

/** Ten minutes of a sound stable version and of a canary that fails one request in ten. */
function recordedMinutes(): CountBatch {
  const batch = new CountBatch();
  for (let minute = -5; minute < 10; minute++) {
    for (const [version, requests, failures] of [
      ['v1', 270, 0],
      ['v2', minute < 0 ? 0 : 30, 3],
    ] as const) {
      for (let request = 0; request < requests; request++) {
        const event = {
          namespace: 'shop',
          model: 'fraud',
          version,
          atMs: firstMs + minute * minuteMs + request,
        };
        const score = ((request * 37) % 100) / 100;
        batch.addRequest({
          ...event,
          failed: request < failures,
          latencyMs: 20 + (request % 50),
          predictions: new Map([['default', score]]),
        });
        batch.addOutcome({ ...event, name: 'default', value: request % 2 });
      }
    }
  }
  return batch;
}

describe('observe', () => {
  const folder = new FileFolder();
  const dataDir = folder.at('data');
  const observe = [
    'observe',
    '--data-dir',
    dataDir,
    '-n',
    'shop',
    '-m',
    'fraud',
    '--canary',
    'v2',
    '--as-of',
    asOf,
  ];
  const both = [...observe, '--stable', 'v1'];
  const query = { namespace: 'shop', model: 'fraud', canary: 'v2', stable: 'v1', asOfMs: Date.parse(asOf) };

  before(async () => {
    const ledger = await openLedger(dataDir);
    const answer = await ledger.record(recordedMinutes(), { nowMs: firstMs + 10 * minuteMs });
    assert.equal(answer.kind, 'recorded');
    await ledger.close();
  });

  after(() => {
    folder.remove();
  });

  it('prints the looks that the ledger answers', async () => {
    const { status, out, err } = await runCommand(both);
    assert.deepEqual([status, err], [0, '']);
    const printed = valueOf(parseObservations(JSON.parse(out)));
    const ledger = await openLedger(dataDir);
    const answer = await ledger.observe(query);
    await ledger.close();
    assert.equal(answer.kind, 'observations');
    assert.deepEqual(printed, answer.observations);
    assert.deepEqual([printed.looks.length, printed.before.length], [10, 5]);
    assert.deepEqual(
      [
        printed.looks[0]?.canary?.requests,
        printed.looks[0]?.canary?.errors,
        printed.looks[0]?.stable?.requests,
      ],
      [30, 3, 270],
    );
  });

  it('writes a file that judge judges as the service does', async () => {
    const file = folder.at('observed.json');
    const written = await runCommand([...both, '-o', file]);
    assert.deepEqual(written, {
      status: 0,
      out: '',
      err: `wrote 10 looks, 2026-01-05T10:00:00Z to 2026-01-05T10:10:00Z, to ${file}\n`,
    });
    const { status, out } = await runCommand(['judge', '-o', 'json', file]);
    const { file: named, ...judged } = JSON.parse(out) as FiledDocument;
    assert.deepEqual([named, judged.verdict, status], [file, 'rollback', 1]);
    assert.deepEqual(
      judged,
      judge(defaultPolicy(), valueOf(parseObservations(JSON.parse(readFileSync(file, 'utf8'))))),
    );
    assert.deepEqual(judged, await askService());
  });

  /** The document of the HTTP service over the same folder. */
  async function askService(): Promise<VerdictDocument> {
    const config = valueOf(loadConfig({ flags: { port: 0, dataDir } }));
    const ledger = await openLedger(config.ledger.dataDir, ledgerSettings(config));
    const logger = createLogger({ level: 'silent' });
    const now = () => query.asOfMs;
    const server = await startServer({ config, ledger, logger, now, processMetrics: false });
    try {
      const question = new URLSearchParams({
        namespace: 'shop',
        model: 'fraud',
        canary: 'v2',
        stable: 'v1',
        asOf,
      });
      const answer = await fetch(`http://127.0.0.1:${server.port}/v1/verdict?${question.toString()}`);
      return (await answer.json()) as VerdictDocument;
    } finally {
      await server.close();
      await ledger.close();
    }
  }

  it('observes up to a time, from a time, and without a stable version', async () => {
    const early = await runCommand([...both, '--as-of', '2026-01-05T11:04:30+01:00']);
    assert.equal(valueOf(parseObservations(JSON.parse(early.out))).looks.length, 4);
    const late = await runCommand([...both, '--since', '2026-01-05T10:06:00Z']);
    assert.equal(valueOf(parseObservations(JSON.parse(late.out))).looks.length, 4);
    const alone = valueOf(parseObservations(JSON.parse((await runCommand(observe)).out)));
    assert.deepEqual([alone.stable, alone.looks[0]?.stable, alone.looks.length], [undefined, undefined, 10]);
  });

  it('reads the ledger of the config', async () => {
    const config = folder.write('config.yaml', stringify({ ledger: { dataDir }, looks: { settle: '45s' } }));
    const given = [
      'observe',
      '-n',
      'shop',
      '-m',
      'fraud',
      '--canary',
      'v2',
      '--stable',
      'v1',
      '--as-of',
      asOf,
    ];
    for (const [argv, env] of [
      [[...given, '-c', config], {}],
      [given, { ML_VERDICT_CONFIG: config }],
    ] as const) {
      const { out, err } = await runCommand(argv, env);
      assert.equal(valueOf(parseObservations(JSON.parse(out))).looks.length, 9, err);
    }
    const wrong = await runCommand([...given, '-c', folder.at('missing.yaml')]);
    assert.equal(wrong.status, 3);
    assert.match(wrong.err, /missing\.yaml: the config file cannot be read: there is no such file\n$/);
  });

  it('names the nearest model or version where one is not known', async () => {
    for (const [option, value, message] of [
      ['-m', 'fruad', 'there is no model "fruad"; did you mean "fraud"?'],
      ['-m', 'churn', 'there is no model "churn"; known: "fraud"'],
      ['--canary', 'v22', 'model "fraud" has no version "v22"; did you mean "v2"?'],
      ['-n', 'default', 'there is no model "fraud"; none is known'],
    ] as const) {
      assert.deepEqual(await runCommand([...both, option, value]), {
        status: 3,
        out: '',
        err: `ml-verdict: ${message}\n`,
      });
    }
  });

  it('lists the versions of a model where none is near', async () => {
    const { status, err } = await runCommand([...both, '--stable', 'release-7']);
    assert.equal(status, 3);
    assert.match(err, /^ml-verdict: model "fraud" has no version "release-7"; known: "v[12]", "v[12]"\n$/);
  });

  it('refuses a time that is none', async () => {
    for (const option of ['--as-of', '--since']) {
      for (const time of ['yesterday', '2026-01-05', '2026-01-05T10:00:00', '2026-13-05T10:00:00Z']) {
        const { status, out, err } = await runCommand([...both, option, time]);
        assert.deepEqual([status, out], [3, '']);
        assert.equal(
          err,
          `ml-verdict: ${option}: expected an ISO 8601 time such as "2026-01-05T10:00:00Z", got "${time}"\n`,
        );
      }
    }
  });

  it('refuses a folder without a ledger, and makes none', async () => {
    const typo = folder.at('dta');
    const { status, out, err } = await runCommand([...both, '--data-dir', typo]);
    assert.deepEqual(
      [status, out, err],
      [3, '', `ml-verdict: there is no ledger in "${typo}": no such folder\n`],
    );
    assert.equal(existsSync(typo), false);
  });

  it('refuses a folder that is a file', async () => {
    const file = folder.write('file', 'x');
    const asFolder = await runCommand([...both, '--data-dir', file]);
    assert.equal(asFolder.status, 3);
    assert.match(
      asFolder.err,
      /^ml-verdict: the data folder ".*" cannot be used: it is a file, expected a folder\n$/,
    );
  });

  it('refuses a place where it cannot write', async () => {
    const place = folder.at('no-such-folder/observed.json');
    assert.deepEqual(await runCommand([...both, '-o', place]), {
      status: 3,
      out: '',
      err: `ml-verdict: ${place}: there is no such folder\n`,
    });
    const onFolder = await runCommand([...both, '-o', folder.path]);
    assert.deepEqual(
      [onFolder.status, onFolder.err],
      [3, `ml-verdict: ${folder.path}: it is a directory, expected a file\n`],
    );
  });
});
