import assert from 'node:assert/strict';
import { controllerPatienceMs } from '../../../src/cli/rollout/controller-patience.js';
import { defaultLeaseTimings } from '../../../src/progressive/controller/index.js';
import { documentAt } from '../../docs/documents.js';

describe('how long a command waits for a controller', () => {
  it('is long enough for a change of leaders and what the next one begins with', () => {
    const { durationMs, retryEveryMs } = defaultLeaseTimings;
    const changeMs = durationMs + retryEveryMs;
    assert.ok(controllerPatienceMs >= changeMs + 10_000, `${changeMs}`);
  });

  it('is what the documentation says', () => {
    const { text } = documentAt('docs/command-line.md');
    const [, seconds] = /no controller has obeyed it within (\d+) s\b/.exec(text) ?? [];
    assert.equal(Number(seconds) * 1000, controllerPatienceMs);
  });
});
