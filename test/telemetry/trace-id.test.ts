import assert from 'node:assert/strict';
import { traceIdFrom } from '../../src/telemetry/index.js';

describe('traceIdFrom', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';

  it('reads the trace id of a traceparent header, also of a later version with more in it', () => {
    assert.equal(traceIdFrom(`00-${id}-00f067aa0ba902b7-01`), id);
    assert.equal(traceIdFrom(`01-${id}-00f067aa0ba902b7-01-more`), id);
  });

  it('leaves alone what the standard does not allow', () => {
    for (const wrong of [
      undefined,
      '',
      id,
      `00-${id}-00f067aa0ba902b7`,
      `ff-${id}-00f067aa0ba902b7-01`,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-${id}-${'0'.repeat(16)}-01`,
      `00-${id.toUpperCase()}-00f067aa0ba902b7-01`,
      `00-${id}-00f067aa0ba902b7-01x`,
      [`00-${id}-00f067aa0ba902b7-01`],
    ]) {
      assert.equal(traceIdFrom(wrong), undefined, String(wrong));
    }
  });
});
