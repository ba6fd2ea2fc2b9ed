import assert from 'node:assert/strict';
import { observationsToFile } from '../../src/domain/observations-file.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';
import { FileFolder } from './support/observation-files.js';
import { documentsOf, runCommand } from './support/run-command.js';

describe('judge of what only some sources count', () => {
  const folder = new FileFolder();

  after(() => {
    folder.remove();
  });

  const told = (canary: number): LookRates => ({
    canary: { quantiles: { '0.99': canary } },
    stable: { quantiles: { '0.99': 120 } },
  });
  const fileOf = (look: LookRates, more: object = {}) => ({
    ...observationsToFile(rollout(times(12, look))),
    ...more,
  });

  it('judges quantiles without buckets, and says that it guarantees nothing', async () => {
    const slow = folder.write('slow.json', fileOf(told(812)));
    const fast = folder.write('fast.json', fileOf(told(140)));
    const { out, err, status } = await runCommand(['judge', '-o', 'ndjson', slow, fast]);
    const [first, second] = documentsOf(out);
    assert.deepEqual([first?.verdict, second?.verdict, status, err], ['rollback', 'promote', 1, '']);
    const latency = first?.guardrails.find(({ name }) => name === 'latency-p99');
    assert.deepEqual(
      [latency?.estimate, latency?.guarantee, latency?.details['scalar'], latency?.details['largest']],
      [812, 'none', true, 812],
    );
    const table = await runCommand(['judge', fast, '-g', 'latency-p99']);
    assert.match(table.out, /latency-p99 +promote .*140/);
    assert.match(table.out, /Good enough to go on, without a guarantee\./);
    assert.equal(table.status, 0);
  });

  it('tells the place of a quantile that is none', async () => {
    const document = fileOf(told(140));
    const broken = JSON.stringify(document).replace('"0.99":140', '"99":140');
    const { out, err, status } = await runCommand(['judge', folder.write('broken.json', broken)]);
    assert.deepEqual([out, status], ['', 3]);
    assert.match(
      err,
      /looks\[0\]\.canary\.latencyQuantiles\.99: expected a quantile between 0 and 1, got "99"/,
    );
  });

  it('lets no outcome decide that is counted when it arrives', async () => {
    const losing: LookRates = { canary: { conversion: 0.3 } };
    const known = folder.write('known.json', fileOf(losing));
    const arrived = folder.write('arrived.json', fileOf(losing, { outcomesByArrival: ['default'] }));
    const { out, status } = await runCommand(['judge', '-o', 'ndjson', known, arrived]);
    assert.deepEqual(
      documentsOf(out).map(({ verdict, reasons }) => [verdict, reasons[0]?.code]),
      [
        ['rollback', 'rollback'],
        ['hold', 'partial-data'],
      ],
    );
    assert.equal(status, 1);
    const passing = ['--set', 'business-proxy.ifUndecided=pass'];
    const held = await runCommand(['judge', arrived, ...passing]);
    assert.equal(held.status, 2);
    assert.match(held.out, /business-proxy +hold .*partial-data/);
    assert.match(held.out, /counted when they arrive, not with their request/);
    const replayed = await runCommand(['replay', '-o', 'ndjson', arrived, ...passing]);
    assert.ok(documentsOf(replayed.out).every(({ verdict }) => verdict === 'hold'));
  });
});
