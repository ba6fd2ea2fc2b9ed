import assert from 'node:assert/strict';
import type { RecordedCandidate, RecordedRequest, Recording } from '../../../src/cli/demo/recording.js';
import { demoModel, lookStartMs, playTraffic, stableVersion } from '../../../src/cli/demo/traffic.js';
import { cutRecording, shippedRecording } from '../support/recordings.js';

interface Prediction {
  readonly model: string;
  readonly version: string;
  readonly at: string;
  readonly status: number;
  readonly prediction?: number;
  readonly latencyMs: number;
}

interface Outcome {
  readonly model: string;
  readonly version: string;
  readonly at: string;
  readonly name: string;
  readonly value: number;
}

const endMs = Date.parse('2026-01-05T12:00:00Z');
const minuteMs = 60_000;

describe('the traffic of the demo', () => {
  // Twelve looks of the slow candidate are recorded, so that the thirteenth is without it.
  const recording = cutRecording(shippedRecording(), 13, 2);
  const played = [...playTraffic(recording, endMs)].map(({ look, requests, predictions, outcomes }) => ({
    look,
    requests,
    predictions: predictions.split('\n').map((line) => JSON.parse(line) as Prediction),
    outcomes: outcomes.split('\n').map((line) => JSON.parse(line) as Outcome),
  }));
  const predictions = played.flatMap((look) => look.predictions);
  const outcomes = played.flatMap((look) => look.outcomes);

  function goesToCanary({ look, bucket }: RecordedRequest): boolean {
    return look > 0 && bucket < recording.weightOf(look) * 100;
  }

  it('comes look by look, minute by minute, and ends when it is told to', () => {
    assert.deepEqual(
      played.map(({ look }) => look),
      [-2, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    );
    assert.equal(lookStartMs(recording, 14, endMs), endMs);
    played.forEach(({ look }, index) => {
      assert.equal(lookStartMs(recording, look, endMs), endMs - (played.length - index) * minuteMs);
    });
  });

  it('has every event inside its look', () => {
    for (const { look, predictions: served, outcomes: told } of played) {
      const startMs = lookStartMs(recording, look, endMs);
      for (const { model, at } of [...served, ...told]) {
        assert.equal(model, demoModel);
        const sinceMs = Date.parse(at) - startMs;
        assert.ok(sinceMs >= 0 && sinceMs < minuteMs, at);
      }
    }
  });

  it('has every request once for each version that served it, as it was answered', () => {
    const expected = new Map<string, Omit<Prediction, 'at' | 'model'>[]>();
    const serve = (
      version: string,
      { score, latencyMs }: { score: number | undefined; latencyMs: number },
    ) => {
      const answer = score === undefined ? { status: 500 } : { status: 200, prediction: score };
      expected.set(version, [...(expected.get(version) ?? []), { version, ...answer, latencyMs }]);
    };
    const toStable = recording.requests.filter((request) => !goesToCanary(request));
    expected.set(
      stableVersion,
      toStable.map(({ champion: { score, latencyMs } }) => ({
        version: stableVersion,
        status: 200,
        ...(score === undefined ? {} : { prediction: score }),
        latencyMs,
      })),
    );
    recording.requests.filter(goesToCanary).forEach(({ look, champion }, row) => {
      for (const { name, answers, looks } of recording.candidates) {
        const answer = answers === undefined ? champion : answers[row];
        if (look <= looks && answer !== undefined) serve(name, answer);
      }
    });
    const served = new Map<string, Omit<Prediction, 'at' | 'model'>[]>();
    for (const { version, status, prediction, latencyMs } of predictions) {
      const answer = { version, status, ...(prediction === undefined ? {} : { prediction }), latencyMs };
      const list = served.get(version) ?? [];
      list.push(answer);
      served.set(version, list);
    }
    assert.deepEqual([...served.keys()].sort(), [...expected.keys()].sort());
    for (const [version, answers] of expected) assert.deepEqual(served.get(version), answers, version);
    for (const { requests, predictions: lines } of played) assert.equal(requests, lines.length);
  });

  it('gives failed requests no prediction, and all others one', () => {
    const failed = predictions.filter(({ status }) => status >= 500);
    assert.ok(failed.length > 0);
    assert.ok(
      failed.every(({ version, prediction }) => version === 'strict-weather' && prediction === undefined),
    );
    assert.ok(predictions.every(({ status, prediction }) => status >= 500 || typeof prediction === 'number'));
  });

  it('has no look of a candidate that was not recorded', () => {
    const slow = played.filter((look) =>
      look.predictions.some(({ version }) => version === 'explained-forest'),
    );
    assert.deepEqual(
      slow.map(({ look }) => look),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    );
  });

  it('has one outcome caught for every request, and one hit-rate for every flag', () => {
    const cuts = new Map(recording.candidates.map(({ name, cut }) => [name, cut]));
    const flags = predictions.filter(
      ({ version, prediction = 0 }) => prediction >= (cuts.get(version) ?? recording.cut),
    );
    const caught = outcomes.filter(({ name }) => name === 'caught');
    const hits = outcomes.filter(({ name }) => name === 'hit-rate');
    assert.deepEqual(
      [caught.length, hits.length, outcomes.length],
      [predictions.length, flags.length, caught.length + hits.length],
    );
    assert.deepEqual(
      caught.map(({ version, at }) => [version, at]),
      predictions.map(({ version, at }) => [version, at]),
    );
    const sum = (events: readonly Outcome[]) => events.reduce((total, { value }) => total + value, 0);
    assert.equal(sum(caught), sum(hits));
    assert.ok(outcomes.every(({ value }) => value === 0 || value === 1));
  });

  it('follows the weights, request by request', () => {
    const request = (look: number, bucket: number, offset = 0.5) => ({
      ...{ look, bucket, offset, late: false },
      champion: { score: 0.2, latencyMs: 10 },
    });
    const small: Recording = {
      ...recording,
      ...{ looks: 3, beforeLooks: 1 },
      weightOf: (look) => (look < 2 ? 0.05 : 0.29),
      requests: [
        request(-1, 0),
        ...[4, 5].map((bucket) => request(1, bucket)),
        ...[5, 28, 29].map((bucket) => request(2, bucket, 1)),
        request(3, 99),
      ],
      candidates: [candidate('again', undefined), candidate('other', [0.3, 0.4, 0.5])],
    };
    const served = [...playTraffic(small, endMs)].map(({ predictions: lines }) =>
      lines.split('\n').map((line) => {
        const { version, prediction, at } = JSON.parse(line) as Prediction;
        return `${at} ${version} ${prediction}`;
      }),
    );
    assert.deepEqual(served, [
      ['2026-01-05T11:56:30Z champion 0.2'],
      [
        '2026-01-05T11:57:30Z again 0.2',
        '2026-01-05T11:57:30Z other 0.3',
        '2026-01-05T11:57:30Z champion 0.2',
      ],
      [
        '2026-01-05T11:58:59.940Z again 0.2',
        '2026-01-05T11:58:59.940Z other 0.4',
        '2026-01-05T11:58:59.940Z again 0.2',
        '2026-01-05T11:58:59.940Z other 0.5',
        '2026-01-05T11:58:59.940Z champion 0.2',
      ],
      ['2026-01-05T11:59:30Z champion 0.2'],
    ]);
  });

  function candidate(name: string, scores: readonly number[] | undefined): RecordedCandidate {
    const answers = scores?.map((score) => ({ score, latencyMs: 20 }));
    return { name, title: name, wrong: 'Nothing.', cut: 0.5, looks: 3, answers };
  }
});
