import assert from 'node:assert/strict';
import type { ActivePhase, Phase } from '../../../src/progressive/index.js';
import { knownShare, shareText } from '../../../src/progressive/resource/share-text.js';

function textOf(phase: Phase, percent: number): string {
  return shareText(knownShare({ phase, percent }));
}

const sinceMs = 0;
const shifting: ActivePhase = { kind: 'shifting', fromPercent: null, toPercent: 10, sinceMs };

function paused(interrupted: ActivePhase): Phase {
  return { kind: 'paused', cause: 'person', text: 'Paused by ada.', sinceMs, interrupted };
}

describe('shareText', () => {
  it('is the share that was seen where nothing is on its way', () => {
    const analysing: ActivePhase = { kind: 'analysing', sinceMs, patienceFromMs: 0 };
    assert.equal(textOf(analysing, 25), '25 % of the traffic');
    assert.equal(textOf(paused(analysing), 25), '25 % of the traffic');
    assert.equal(textOf({ kind: 'promoted', atMs: 0 }, 100), '100 % of the traffic');
    assert.equal(textOf({ kind: 'waiting', sinceMs, takesAnyCanary: false }, 0), '0 % of the traffic');
  });

  it('names what was sent and is not yet seen, in a pause too', () => {
    const first = '0 % of the traffic, on its way to 10 %';
    assert.equal(textOf(shifting, 0), first);
    assert.equal(textOf(paused(shifting), 0), first);
    const promoting: ActivePhase = { kind: 'promoting', fromPercent: 50, sinceMs };
    const last = '50 % of the traffic, on its way to 100 %';
    assert.equal(textOf(promoting, 50), last);
    assert.equal(textOf(paused(promoting), 50), last);
  });

  it('names what stands there, not what was earned, while a share is set back', () => {
    assert.equal(
      textOf({ kind: 'shifting', fromPercent: 5, toPercent: 10, sinceMs }, 10),
      '5 % of the traffic, on its way to 10 %',
    );
  });

  it('says of a rollback that zero was asked for', () => {
    const rollingBack: Phase = {
      kind: 'rolling-back',
      cause: 'verdict',
      text: '',
      sinceMs,
      refusal: null,
      isOverdue: false,
    };
    assert.equal(textOf(rollingBack, 25), '0 % of the traffic asked for and not yet seen, 25 % before');
  });
});
