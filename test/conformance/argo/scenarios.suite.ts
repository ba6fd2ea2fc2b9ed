import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { FastClock } from '../../support/service/fast-clock.js';
import { ArgoCluster } from './cluster/argo-cluster.js';
import type { Ending } from './scenarios/scenario.js';
import type { StageParts } from './scenarios/stage.js';
import { breachScenarios } from './scenarios/breaches.js';
import { disturbanceScenarios } from './scenarios/disturbances.js';
import { healthyScenarios } from './scenarios/healthy.js';
import { PlayedScenarios } from './scenarios/played-scenarios.js';
import { assertTold, writePage, type Told } from './scenarios/told-page.js';
import { clusterTemplates } from './scenarios/shipped-sets.js';
import { shippedObjects } from './scenarios/shipped-files.js';
import { undecidedScenarios } from './scenarios/undecided.js';
import { startVerdictService, type VerdictService } from './traffic/start-verdict-service.js';

/** An hour of a rollout takes five minutes; the clock of the service runs as fast. */
const factor = 12;

/** So many scenarios at a time leave two processors some time to spare. */
const atATime = 10;

/** Names of those that are played, with commas between them, while one of them is being worked on; absent: all. */
const only = process.env['ARGO_SCENARIOS']?.split(',');

const scenarios = [
  ...healthyScenarios,
  ...breachScenarios,
  ...undecidedScenarios,
  ...disturbanceScenarios,
].filter(({ name }) => only === undefined || only.includes(name));

describe('the shipped files on the real controller', function () {
  this.timeout(1_200_000);

  let cluster: ArgoCluster | undefined;
  let service: VerdictService | undefined;
  let folder: string | undefined;
  let played: PlayedScenarios<StageParts, Ending> | undefined;
  const told: Told[] = [];

  keepLogs(() => [
    ...(cluster?.processes ?? []),
    ...(service === undefined
      ? []
      : [{ name: 'ml-verdict', pid: service.process.pid, log: service.process.log }]),
  ]);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-argo-'));
    const clock = new FastClock({ factor, fromMs: Date.now() });
    cluster = await ArgoCluster.start({ routers: true });
    service = await startVerdictService({ clock, folder });
    const shortening = { factor, verdictUrl: service.url };
    await cluster.apply(clusterTemplates.flatMap((file) => shippedObjects(file, shortening)));
    played = new PlayedScenarios(scenarios, { cluster, clock, service }, atATime);
  });

  after(async () => {
    await played?.over();
    await service?.kill();
    await cluster?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    const rows = told.map(([{ name }, { ending, seconds }]) => [
      name,
      seconds.toFixed(0),
      ending.measurement,
    ]);
    process.stdout.write(plainTable(['SCENARIO', 'SECONDS', 'MEASUREMENT'], rows));
  });

  for (const scenario of scenarios) {
    it(`${scenario.name}: ${scenario.title}`, async () => {
      assert.ok(played !== undefined);
      told.push([scenario, await played.of(scenario)]);
    });
  }

  // A few scenarios are not what the page tells.
  if (only !== undefined) return;

  it('is as docs/on-a-real-controller.md tells', async () => {
    if (process.env['WRITE_PAGE'] === 'yes') await writePage(told);
    assertTold(told);
  });
});
