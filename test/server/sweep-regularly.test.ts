import assert from 'node:assert/strict';
import { sweepRegularly } from '../../src/server/sweep-regularly.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { createLogger, createMetrics } from '../../src/telemetry/index.js';
import { until } from '../support/until.js';
import { alteredLedger } from './support/altered-ledger.js';

describe('sweepRegularly', () => {
  let ledger: Ledger;

  before(async () => {
    ledger = await openMemoryLedger();
  });

  after(() => ledger.close());

  const metrics = () => createMetrics({ processMetrics: false });
  const quiet = createLogger({ level: 'silent' });

  it('sweeps as of now, again after a failure, until it is told to stop', async () => {
    const at: number[] = [];
    const logged: string[] = [];
    const told = metrics();
    const stop = await new Promise<() => void>((resolve) => {
      const ending = sweepRegularly({
        ledger: alteredLedger(ledger, {
          sweep: (nowMs) => {
            at.push(nowMs);
            if (at.length === 1) return Promise.reject(new Error('locked'));
            if (at.length === 3) resolve(ending);
            return Promise.resolve({ ...nothing, verdicts: 4 });
          },
        }),
        now: () => 42_000,
        logger: createLogger({ level: 'debug', to: { write: (line) => void logged.push(line) } }),
        metrics: told,
        lookEveryMs: 1,
        firstAfterMs: 0,
        sweepEveryMs: 1,
      });
    });
    stop();
    assert.ok(at.length >= 3);
    assert.ok(at.every((nowMs) => nowMs === 42_000));
    assert.match(logged[0] ?? '', /locked.*could not be swept/);
    const { values } = await told.ledgerSwept.get();
    assert.ok((values.find(({ labels }) => labels.what === 'verdicts')?.value ?? 0) >= 4);
  });

  it('shows whether the ledger answers, and how large it is', async () => {
    const told = metrics();
    let away = false;
    const looked = alteredLedger(ledger, {
      size: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(4096)),
      status: () => ({ available: !away }),
    });
    const stop = sweepRegularly({
      ledger: looked,
      now: Date.now,
      logger: quiet,
      metrics: told,
      lookEveryMs: 1,
    });
    const valueOf = async (gauge: typeof told.ledgerUp) => (await gauge.get()).values[0]?.value;
    await until(async () => (await valueOf(told.ledgerUp)) === 1);
    assert.equal(await valueOf(told.ledgerSize), 4096);
    away = true;
    await until(async () => (await valueOf(told.ledgerUp)) === 0);
    assert.equal(await valueOf(told.ledgerSize), 4096);
    stop();
  });

  it('sweeps a ledger that is too large before its time', async () => {
    const swept = await new Promise((resolve) => {
      const ending = sweepRegularly({
        ledger: alteredLedger(ledger, {
          settings: { ...ledger.settings, maxSizeBytes: 1 },
          sweep: () => {
            resolve(true);
            return Promise.resolve(nothing);
          },
        }),
        now: Date.now,
        logger: quiet,
        metrics: metrics(),
        lookEveryMs: 1,
        whenLargeEveryMs: 0,
      });
      after(() => {
        ending();
      });
    });
    assert.equal(swept, true);
  });
});

describe('sweepRegularly on a ledger whose files stay large', () => {
  it('sweeps again when they grow, not because they are there', async () => {
    const ledger = await openMemoryLedger({ maxSizeBytes: 1000 });
    let size = 1150;
    let looks = 0;
    let sweeps = 0;
    const stop = sweepRegularly({
      ledger: alteredLedger(ledger, {
        size: () => {
          looks++;
          return Promise.resolve(size);
        },
        sweep: () => {
          sweeps++;
          return Promise.resolve(nothing);
        },
      }),
      now: Date.now,
      logger: createLogger({ level: 'silent' }),
      metrics: createMetrics({ processMetrics: false }),
      lookEveryMs: 1,
      whenLargeEveryMs: 0,
    });
    const lookedAgain = async () => {
      const seen = looks;
      await until(() => looks > seen + 10);
    };
    await lookedAgain();
    assert.equal(sweeps, 1);
    size = 1165;
    await lookedAgain();
    assert.equal(sweeps, 1);
    size = 1170;
    await lookedAgain();
    assert.equal(sweeps, 2);
    // Another limit is another question.
    ledger.configure({ ...ledger.settings, maxSizeBytes: 1100 });
    await lookedAgain();
    assert.equal(sweeps, 3);
    stop();
    await ledger.close();
  });
});

const nothing = {
  predictionIds: 0,
  pendingOutcomes: 0,
  idempotencyKeys: 0,
  minutes: 0,
  verdicts: 0,
  names: 0,
};
