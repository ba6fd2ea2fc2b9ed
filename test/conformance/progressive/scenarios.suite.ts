import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { FastClock } from '../../support/service/fast-clock.js';
import { PlayedScenarios } from '../argo/scenarios/played-scenarios.js';
import { startVerdictService, type VerdictService } from '../argo/traffic/start-verdict-service.js';
import { Controllers } from './driving/controllers.js';
import { ModelRollouts } from './driving/model-rollouts.js';
import { applyShippedAccess, controllerAccount, modelRolloutFile } from './driving/shipped-access.js';
import { ModelCluster } from './rig/model-cluster.js';
import { breachScenarios } from './scenarios/breaches.js';
import { crashScenarios } from './scenarios/crashes.js';
import { foregroundScenarios } from './scenarios/foreground.js';
import { healthyScenarios } from './scenarios/healthy.js';
import { hindranceScenarios } from './scenarios/hindrances.js';
import { loadSeconds } from './scenarios/kserve-platform.js';
import { peopleScenarios } from './scenarios/people.js';
import type { PlayParts } from './scenarios/play-parts.js';
import type { Ending, Scenario } from './scenarios/scenario.js';
import { redeployedScenario } from './scenarios/redeployed.js';
import { seldonScenarios } from './scenarios/seldon.js';
import { assertTold, writePage } from './scenarios/told-page.js';
import { Alertmanager } from './told/alertmanager.js';
import { Webhook } from './told/webhook.js';

/** An hour of a rollout takes four minutes. */
const factor = 15;

/** So many scenarios at a time leave two processors some time to spare. */
const atATime = 10;

/** Names of those that are played, with commas between them, while one of them is being worked on; absent: all. */
const only = process.env['PROGRESSIVE_SCENARIOS']?.split(',');

const scenarios: readonly Scenario[] = [
  ...healthyScenarios,
  ...breachScenarios,
  ...hindranceScenarios,
  ...seldonScenarios,
  ...peopleScenarios,
  ...foregroundScenarios,
  ...crashScenarios,
  redeployedScenario,
].filter(({ name }) => only === undefined || only.includes(name));

const secret = 'known to the sender and the webhook';

// Each of many processes is ended with this one.
process.setMaxListeners(60);

describe('canaries of KServe and Seldon, driven', function () {
  this.timeout(1_200_000);

  const ends: (() => unknown)[] = [];
  let parts: PlayParts | undefined;
  let service: VerdictService | undefined;
  let played: PlayedScenarios<PlayParts, Ending> | undefined;
  const told: (readonly [Scenario, Ending, number])[] = [];

  keepLogs(() => [
    ...(parts?.cluster.processes ?? []),
    ...(parts?.controllers.processes ?? []),
    ...(service === undefined
      ? []
      : [{ name: 'ml-verdict', pid: service.process.pid, log: service.process.log }]),
  ]);

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-progressive-'));
    ends.push(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const secretFile = join(folder, 'secret');
    writeFileSync(secretFile, secret);
    const cluster = await ModelCluster.start({ files: [modelRolloutFile] });
    ends.push(() => cluster.stop());
    const clock = new FastClock({ factor, fromMs: Date.now() });
    service = await startVerdictService({ clock, folder });
    ends.push(() => service?.kill());
    const alertmanager = await Alertmanager.start();
    ends.push(() => alertmanager.stop());
    const webhook = await Webhook.start(secret);
    ends.push(() => {
      webhook.stop();
    });
    const config = {
      alerts: {
        receivers: [
          { name: 'on-call', kind: 'alertmanager', url: alertmanager.url },
          { name: 'chat', kind: 'webhook', url: webhook.url, secretFiles: [secretFile] },
        ],
      },
    };
    await applyShippedAccess(cluster);
    const controllers = new Controllers({
      cluster,
      clock,
      service: { url: service.url, tokenFile: join(folder, 'tokens', 'verdict') },
      folder,
      config,
    });
    ends.push(() => controllers.stop());
    const namespaces = scenarios.filter(({ hasOwnControllers }) => hasOwnControllers !== true);
    for (const name of ['controller-1', 'controller-2']) {
      await controllers.start({
        name,
        namespaces: namespaces.map((scenario) => scenario.name),
        leaseNamespace: controllerAccount.namespace,
      });
    }
    const rollouts = await ModelRollouts.start(cluster.api);
    ends.push(() => {
      rollouts.stop();
    });
    parts = { cluster, clock, service, rollouts, controllers, alertmanager, webhook, folder, config };
    played = new PlayedScenarios(scenarios, parts, atATime);
  });

  after(async () => {
    await played?.over();
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    const rows = told.map(([{ name }, { end, message }, seconds]) => [
      name,
      seconds.toFixed(0),
      end,
      message,
    ]);
    process.stdout.write(plainTable(['SCENARIO', 'SECONDS', 'END', 'MESSAGE'], rows));
  });

  for (const scenario of scenarios) {
    it(`${scenario.name}: ${scenario.title}`, async () => {
      assert.ok(played !== undefined);
      const { ending, seconds } = await played.of(scenario);
      told.push([scenario, ending, seconds]);
    });
  }

  it('tells nobody anything that is not signed', () => {
    assert.deepEqual(parts?.webhook.unsigned, []);
  });

  // A few scenarios are not what the page tells.
  if (only !== undefined) return;

  it('is as docs/on-a-real-kserve.md tells', async () => {
    const pairs = told.map(([scenario, ending]) => [scenario, ending] as const);
    if (process.env['WRITE_PAGE'] === 'yes') await writePage(pairs, { factor, loadSeconds });
    assertTold(pairs);
  });
});
