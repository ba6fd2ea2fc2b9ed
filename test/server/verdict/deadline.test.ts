import assert from 'node:assert/strict';
import { DeadlineError, withDeadline } from '../../../src/server/verdict/deadline.js';

describe('withDeadline', () => {
  it('gives the result, or the failure, of work that ends in time', async () => {
    assert.equal(await withDeadline(60_000, () => Promise.resolve(7)), 7);
    await assert.rejects(
      withDeadline(60_000, () => Promise.reject(new Error('own'))),
      /own/,
    );
  });

  it('fails where the work does not end, and tells the work', async () => {
    let reason: unknown;
    const never = (signal: AbortSignal) =>
      new Promise<never>(() => {
        signal.addEventListener('abort', () => {
          reason = signal.reason;
        });
      });
    await assert.rejects(
      withDeadline(5, never),
      (error: unknown) => error instanceof DeadlineError && error.deadlineMs === 5,
    );
    assert.ok(reason instanceof DeadlineError);
    assert.equal(reason.code, 'unavailable');
  });
});
