import assert from 'node:assert/strict';
import { observationsToFile, parseObservations } from '../../../src/domain/observations-file.js';
import { judge } from '../../../src/judge/index.js';
import { openMemoryLedger, type Ledger, type LedgerSettings } from '../../../src/sources/index.js';
import { written } from '../../support/judging.js';
import { valueOf } from '../../support/value-of.js';
import { Scene } from './conformance/scene.js';

const policy = written({
  guardrails: [
    { name: 'errors', kind: 'error-rate', promoteBelow: '5%', rollbackAbove: '20%' },
    { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 },
  ],
});

const minutes = Array.from({ length: 10 }, (_, minute) => minute);
const tenths = minutes;

describe('the routing of a model', () => {
  let ledger: Ledger | undefined;

  afterEach(async () => {
    await ledger?.close();
    ledger = undefined;
  });

  /** A canary whose predictions all moved, under ledger settings of a test. */
  async function drifted(settings: Partial<LedgerSettings>): Promise<Scene> {
    ledger = await openMemoryLedger(settings);
    const scene = new Scene(ledger);
    for (const model of ['fraud', 'other']) {
      await scene.serve(
        minutes.flatMap((minute) => [
          ...tenths.map((tenth) => ({ version: 'v1', minute, count: 10, prediction: tenth / 10, model })),
          { version: 'v2', minute, count: 60, prediction: 0.9, model },
        ]),
      );
    }
    return scene;
  }

  it('reaches the observations and the verdict, of that model alone', async () => {
    const scene = await drifted({
      routing: (namespace, model) => (namespace === 'default' && model === 'fraud' ? 'sticky' : 'random'),
    });
    const sticky = await scene.observe(10);
    assert.equal(sticky.routing, 'sticky');
    const document = judge(policy, sticky);
    assert.equal(document.verdict, 'hold');
    assert.match(document.measurement[2], /on hold since users are sticky$/);
    const other = await scene.observe(10, { model: 'other' });
    assert.equal('routing' in other, false);
    assert.equal(judge(policy, other).verdict, 'rollback');
  });

  it('leaves comparisons out where requests are selected', async () => {
    const scene = await drifted({ routing: () => 'selected' });
    const document = judge(policy, await scene.observe(10));
    assert.equal(document.verdict, 'promote');
    assert.deepEqual(document.decidedWithout, ['drift']);
  });

  it('is random by default, and then not written', async () => {
    const scene = await drifted({});
    const observations = await scene.observe(10);
    assert.equal('routing' in observations, false);
    assert.equal('routing' in observationsToFile(observations), false);
    assert.equal(judge(policy, observations).verdict, 'rollback');
  });

  it('goes with the observations into a file, and comes back', async () => {
    const scene = await drifted({ routing: () => 'sticky' });
    const observations = await scene.observe(10);
    const file = JSON.parse(JSON.stringify(observationsToFile(observations))) as unknown;
    assert.deepEqual(judge(policy, valueOf(parseObservations(file))), judge(policy, observations));
  });
});
