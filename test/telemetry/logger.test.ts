import assert from 'node:assert/strict';
import { createLogger } from '../../src/telemetry/logger.js';

describe('createLogger', () => {
  function lines(level: string, log: (logger: ReturnType<typeof createLogger>) => void) {
    const written: string[] = [];
    log(createLogger({ level, to: { write: (line) => void written.push(line) } }));
    return written.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('writes one JSON object a line, with the level as a word and the time as ISO 8601', () => {
    const [line] = lines('info', (logger) => {
      logger.info({ requestId: 'r-1' }, 'request');
    });
    assert.equal(line?.['level'], 'info');
    assert.equal(line['requestId'], 'r-1');
    assert.equal(line['msg'], 'request');
    assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('leaves out what is below its level', () => {
    const written = lines('warn', (logger) => {
      logger.info('no');
      logger.warn('yes');
    });
    assert.deepEqual(
      written.map((line) => line['msg']),
      ['yes'],
    );
    assert.deepEqual(
      lines('silent', (logger) => {
        logger.fatal('no');
      }),
      [],
    );
  });
});
