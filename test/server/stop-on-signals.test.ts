import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { stopOnSignals } from '../../src/server/index.js';
import { createLogger } from '../../src/telemetry/index.js';

describe('stopOnSignals', () => {
  const logger = createLogger({ level: 'silent' });

  it('stops at SIGTERM or SIGINT, once, and goes on listening until the process ends', async () => {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      const source = new EventEmitter();
      let stops = 0;
      let finish = (): void => undefined;
      const done = stopOnSignals(
        () => {
          stops++;
          return new Promise((resolve) => {
            finish = resolve;
          });
        },
        logger,
        source,
      );
      assert.equal(stops, 0);
      source.emit(signal);
      source.emit('SIGTERM');
      source.emit('SIGINT');
      assert.equal(stops, 1);
      finish();
      await done;
      await new Promise(setImmediate);
      assert.ok(source.emit('SIGTERM') && source.emit('SIGINT'), 'Node.js would end the process by them');
      assert.equal(stops, 1);
    }
  });

  it('fails as the stop does', async () => {
    const source = new EventEmitter();
    const done = stopOnSignals(() => Promise.reject(new Error('stuck')), logger, source);
    source.emit('SIGTERM');
    await assert.rejects(done, /stuck/);
  });
});
