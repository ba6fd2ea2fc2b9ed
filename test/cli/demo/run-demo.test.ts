import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { CandidateRun } from '../../../src/cli/demo/candidate-run.js';
import { DemoClient } from '../../../src/cli/demo/demo-client.js';
import { drawSummary } from '../../../src/cli/demo/draw.js';
import { runDemo } from '../../../src/cli/demo/run-demo.js';
import { demoModel, lookStartMs, stableVersion } from '../../../src/cli/demo/traffic.js';
import { ledgerSettings, loadConfig, modelSettings } from '../../../src/config/index.js';
import type { Observations } from '../../../src/domain/observations.js';
import type { VerdictDocument } from '../../../src/domain/verdict.js';
import { judge, overridePolicy } from '../../../src/judge/index.js';
import { startServer, type RunningServer } from '../../../src/server/index.js';
import { openMemoryLedger, type Ledger } from '../../../src/sources/index.js';
import { createLogger } from '../../../src/telemetry/index.js';
import { valueOf } from '../../support/value-of.js';
import { cutRecording, shippedRecording } from '../support/recordings.js';
import { RecordingConsole } from '../support/run-command.js';

type Arguments = Readonly<Record<string, string>>;

/** A client that remembers what was asked and answered. */
class ListeningClient extends DemoClient {
  readonly asked: { readonly args: Arguments; readonly document: VerdictDocument }[] = [];

  override async verdict(args: Arguments): Promise<VerdictDocument> {
    const document = await super.verdict(args);
    this.asked.push({ args, document });
    return document;
  }
}

describe('the demo', () => {
  const endMs = Date.parse('2026-01-05T12:00:00Z');
  const recording = cutRecording(shippedRecording(), 6, 4);
  const file = fileURLToPath(new URL('../../../src/cli/demo/config.yaml', import.meta.url));
  const config = valueOf(loadConfig({ file, flags: { port: 0 } }));
  const { settleMs } = config.looks;
  const console = new RecordingConsole();
  let ledger: Ledger;
  let server: RunningServer;
  let client: ListeningClient;
  let runs: readonly CandidateRun[];

  before(async () => {
    ledger = await openMemoryLedger(ledgerSettings(config));
    const logger = createLogger({ level: 'silent' });
    const now = () => endMs + settleMs;
    server = await startServer({ config, ledger, logger, now, processMetrics: false });
    client = new ListeningClient(`http://127.0.0.1:${server.port}`);
    runs = await runDemo({ console, client, recording, endMs, settleMs, paceMs: 0 });
  });

  after(async () => {
    await server.close();
    await ledger.close();
  });

  /** What was observed of a candidate when everything had been sent. */
  async function observed(canary: string): Promise<Observations> {
    const answer = await ledger.observe({
      ...{ namespace: 'default', model: demoModel, canary, stable: stableVersion },
      asOfMs: endMs + settleMs,
    });
    assert.equal(answer.kind, 'observations');
    return answer.observations;
  }

  it('asks for every candidate after every look, with the arguments of Argo as strings', () => {
    const looks = Array.from({ length: recording.looks }, (_, index) => index + 1);
    assert.deepEqual(
      client.asked.map(({ args: { canary, step } }) => [step, canary]),
      looks.flatMap((look) => recording.candidates.map(({ name }) => [String(look), name])),
    );
    for (const { args } of client.asked) {
      assert.equal(args['policy'], args['canary'] === 're-weighted' ? 'flights-new-scores' : '');
      assert.ok(Object.values(args).every((value) => typeof value === 'string'));
    }
  });

  it('has recorded every request and outcome in its look', async () => {
    for (const { name, answers } of recording.candidates) {
      const { looks, before: beforeLooks } = await observed(name);
      assert.deepEqual([looks.length, beforeLooks.length], [recording.looks, recording.beforeLooks]);
      let row = 0;
      for (const [index, look] of looks.entries()) {
        assert.equal(look.startMs, lookStartMs(recording, index + 1, endMs));
        const requests = recording.requests.filter((request) => request.look === index + 1);
        const share = recording.weightOf(index + 1) * 100;
        const asked = requests.filter(({ bucket }) => bucket < share);
        const failed = asked.filter(
          (_, offset) => answers !== undefined && answers[row + offset]?.score === undefined,
        );
        row += asked.length;
        assert.deepEqual(
          [look.canary?.requests, look.canary?.errors, look.canary?.outcomes.get('caught')?.count],
          [asked.length, failed.length, asked.length],
        );
        assert.deepEqual([look.stable?.requests, look.stable?.errors], [requests.length - asked.length, 0]);
      }
    }
  });

  it('is answered what the judge says offline of the same looks', async () => {
    for (const { name } of recording.candidates) {
      const observations = await observed(name);
      for (const { args, document } of client.asked.filter((one) => one.args['canary'] === name)) {
        const { policy: named = '', confidence, asOf = '' } = args;
        const policyName = named === '' ? modelSettings(config, 'default', demoModel).policy : named;
        const policy = config.policies.get(policyName ?? '');
        assert.ok(policy);
        const asked = valueOf(overridePolicy(policy, { confidence }));
        // A verdict is for the end of its last settled look.
        const offline = judge(asked, { ...observations, asOfMs: Date.parse(asOf) - settleMs });
        assert.deepEqual(document, JSON.parse(JSON.stringify(offline)), `${name} at ${asOf}`);
      }
    }
  });

  it('ends a rollout where its verdicts say so', () => {
    for (const [index, run] of runs.entries()) {
      const documents = client.asked.filter(({ args }) => args['canary'] === run.candidate.name);
      const first = documents.findIndex(({ document: { verdict } }) => verdict !== 'hold');
      assert.equal(run.candidate, recording.candidates[index]);
      assert.equal(run.end?.look, first < 0 ? undefined : first + 1);
      assert.equal(run.end?.document, documents[first]?.document);
    }
  });

  it('finds the candidate that fails, and does not blame the champion for being itself', () => {
    const ends = new Map(runs.map(({ candidate, end }) => [candidate.name, end]));
    assert.equal(ends.get('strict-weather')?.kind, 'rolled-back');
    assert.match(ends.get('strict-weather')?.document.measurement[2] ?? '', /^error-rate: /);
    assert.equal(ends.get('champion-again'), undefined);
  });

  it('tells weights and ends line by line in a pipe, and draws nothing', () => {
    const lines = console.textTo('out').trimEnd().split('\n');
    assert.equal(lines[0], 'look 1: the canary gets 5 % of the traffic');
    const ended = runs.filter(({ end }) => end !== undefined);
    assert.equal(lines.length, 1 + ended.length);
    for (const { candidate, end } of ended) {
      const word = end?.kind === 'promoted' ? 'promote' : 'rollback';
      assert.ok(
        lines.includes(`look ${end?.look}: ${candidate.name}: ${word}: ${end?.document.measurement[2]}`),
      );
    }
    assert.doesNotMatch(console.textTo('out'), /\u001b/);
    assert.equal(console.textTo('err'), '');
  });

  it('sums up every candidate', () => {
    const summary = drawSummary(runs, console);
    for (const { candidate, end } of runs) {
      const row = summary.split('\n').find((line) => line.startsWith(`${candidate.name} `));
      assert.match(
        row ?? '',
        end === undefined ? /held/ : new RegExp(`(promoted|rolled back) at look ${end.look}\\b`),
      );
    }
  });

  it('says so where the service refuses what it sends', async () => {
    const wrong = { look: 1, requests: 1, predictions: '{"model":"m"}', outcomes: '' };
    await assert.rejects(
      client.send(wrong),
      /^VerdictError: \/v1\/predictions refused 1 lines of the recording$/,
    );
    const gone = new DemoClient(`http://127.0.0.1:${server.port}/elsewhere`);
    await assert.rejects(gone.verdict({}), /^VerdictError: \/v1\/verdict answered 404$/);
  });
});
