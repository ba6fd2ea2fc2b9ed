import assert from 'node:assert/strict';
import { LiveView } from '../../../src/cli/rollout/live-view.js';
import { DrivenRollout } from '../../support/progressive/driven-rollout.js';

function consoleOf(isTerminal: boolean) {
  const out: string[] = [];
  return {
    text: () => out.join(''),
    console: { isTerminal, columns: 80, out: (text: string) => void out.push(text), err: () => undefined },
  };
}

async function showAll(isTerminal: boolean): Promise<string> {
  const { text, console } = consoleOf(isTerminal);
  const view = new LiveView(console);
  const rollout = new DrivenRollout();
  const shown = () => ({
    name: 'fraud',
    namespace: 'ml',
    target: 'kserve fraud-detector',
    model: 'm',
    spec: rollout.spec,
    state: rollout.driver.state,
  });
  while (rollout.driver.state.phase.kind !== 'promoted') {
    await rollout.tick();
    view.show(shown(), rollout.nowMs);
  }
  view.end(shown(), rollout.nowMs);
  return text();
}

describe('LiveView', () => {
  it('writes each thing that happens once into a pipe', async () => {
    const lines = (await showAll(false)).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split('  ')[1]?.split(':')[0]),
      ['started', 'stage-reached', 'promoting', 'promoted'],
    );
  });

  it('draws over itself on a terminal, and leaves the end', async () => {
    const text = await showAll(true);
    assert.ok(text.includes('\u001b['));
    const end = text.split('\u001b[0J').at(-1) ?? '';
    assert.match(end, /promoted/);
    assert.equal(end.split('History').length, 2);
  });
});
