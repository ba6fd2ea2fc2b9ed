import assert from 'node:assert/strict';
import { sweepRegularly } from '../../src/server/sweep-regularly.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { alteredLedger } from './support/altered-ledger.js';

describe('sweepRegularly', () => {
  let ledger: Ledger;

  before(async () => {
    ledger = await openMemoryLedger();
  });

  after(() => ledger.close());

  it('sweeps as of now, again after a failure, until it is told to stop', async () => {
    const at: number[] = [];
    const logged: string[] = [];
    const stop = await new Promise<() => void>((resolve) => {
      const ending = sweepRegularly(
        alteredLedger(ledger, {
          sweep: (nowMs) => {
            at.push(nowMs);
            if (at.length === 1) return Promise.reject(new Error('locked'));
            resolve(ending);
            return ledger.sweep(nowMs);
          },
        }),
        () => 42_000,
        createLogger({ level: 'debug', to: { write: (line) => void logged.push(line) } }),
        1,
      );
    });
    stop();
    assert.ok(at.length >= 2);
    assert.ok(at.every((nowMs) => nowMs === 42_000));
    assert.match(logged[0] ?? '', /locked.*could not be swept/);
  });
});
