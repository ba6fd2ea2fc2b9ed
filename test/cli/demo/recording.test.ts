import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { RecordedAnswer } from '../../../src/cli/demo/recording.js';
import { shippedRecording } from '../support/recordings.js';

/** What the generator counted while it recorded. */
interface Totals {
  readonly rows: number;
  readonly errors: number;
  readonly flags: number;
  readonly late: number;
  readonly caught: number;
}

interface Manifest {
  readonly looks: number;
  readonly beforeLooks: number;
  readonly weights: readonly {
    readonly firstLook: number;
    readonly lastLook: number;
    readonly weight: number;
  }[];
  readonly requests: { readonly rows: number; readonly before: Totals; readonly stable: Totals };
  readonly candidates: readonly (Totals & { readonly name: string; readonly looks: number })[];
}

const manifest = JSON.parse(
  readFileSync(new URL('../../../src/cli/demo/recording/manifest.json', import.meta.url), 'utf8'),
) as Manifest;

describe('the recording of the demo', () => {
  const recording = shippedRecording();
  const canaryRequests = recording.requests.filter(
    ({ look, bucket }) => look > 0 && bucket < recording.weightOf(look) * 100,
  );

  function totals(
    answered: readonly { readonly answer: RecordedAnswer; readonly late: boolean }[],
    cut: number,
  ): Totals {
    const flagged = answered.filter(({ answer }) => answer.score !== undefined && answer.score >= cut);
    return {
      rows: answered.length,
      errors: answered.filter(({ answer }) => answer.score === undefined).length,
      flags: flagged.length,
      late: answered.filter(({ late }) => late).length,
      caught: flagged.filter(({ late }) => late).length,
    };
  }

  it('has the looks, requests and weights of its manifest', () => {
    assert.deepEqual([recording.looks, recording.beforeLooks], [manifest.looks, manifest.beforeLooks]);
    assert.equal(recording.requests.length, manifest.requests.rows);
    const looks = [...new Set(recording.requests.map(({ look }) => look))];
    const before = Array.from({ length: manifest.beforeLooks }, (_, index) => index - manifest.beforeLooks);
    assert.deepEqual(looks, [...before, ...Array.from({ length: manifest.looks }, (_, index) => index + 1)]);
    for (const { firstLook, lastLook, weight } of manifest.weights) {
      assert.deepEqual([recording.weightOf(firstLook), recording.weightOf(lastLook)], [weight, weight]);
    }
    assert.deepEqual(
      [recording.weightOf(0), recording.weightOf(-1), recording.weightOf(manifest.looks + 1)],
      [0, 0, 0],
    );
  });

  it('has the champion answer as its manifest counts', () => {
    const { cut, requests } = recording;
    const answered = requests.map((request) => ({ ...request, answer: request.champion }));
    const toCanary = new Set<unknown>(canaryRequests);
    const stable = answered.filter(({ look }, index) => look > 0 && !toCanary.has(requests[index]));
    assert.deepEqual(
      totals(
        answered.filter(({ look }) => look < 0),
        cut,
      ),
      pick(manifest.requests.before),
    );
    assert.deepEqual(totals(stable, cut), pick(manifest.requests.stable));
  });

  it('has each candidate answer as its manifest counts', () => {
    assert.deepEqual(
      recording.candidates.map(({ name }) => name),
      manifest.candidates.map(({ name }) => name),
    );
    for (const [index, { name, looks, cut, answers }] of recording.candidates.entries()) {
      const asked = canaryRequests.filter(({ look }) => look <= looks);
      const answered = asked.map(({ champion, late }, row) => {
        const answer = answers === undefined ? champion : answers[row];
        assert.ok(answer, name);
        return { answer, late };
      });
      const expected = manifest.candidates[index];
      assert.ok(expected);
      assert.deepEqual(totals(answered, cut), pick(expected), name);
      if (answers !== undefined) assert.equal(answers.length, asked.length, name);
    }
  });

  it('has numbers in their ranges alone', () => {
    for (const { offset, bucket, champion } of recording.requests) {
      assert.ok(offset >= 0 && offset <= 1 && bucket >= 0 && bucket < 100 && Number.isInteger(bucket));
      assert.ok(champion.score !== undefined && champion.score >= 0 && champion.score <= 1);
      assert.ok(champion.latencyMs > 0);
    }
    for (const { answers = [] } of recording.candidates) {
      for (const { score = 0, latencyMs } of answers) assert.ok(score >= 0 && score <= 1 && latencyMs > 0);
    }
  });
});

function pick({ rows, errors, flags, late, caught }: Totals): Totals {
  return { rows, errors, flags, late, caught };
}
