import assert from 'node:assert/strict';
import { createAlertmanagerReceiver, type AlertReceiver } from '../../../../src/progressive/alerts/index.js';
import type { AlertKind } from '../../../../src/progressive/machine/alert.js';
import { alertMessage } from '../../../progressive/alerts/support/alert-messages.js';
import { until } from '../../../support/until.js';
import { Alertmanager } from './alertmanager.js';

describe('alerts and a real Alertmanager', function () {
  this.timeout(60_000);

  let alertmanager: Alertmanager;
  let receiver: AlertReceiver;

  before(async () => {
    alertmanager = await Alertmanager.start();
    receiver = createAlertmanagerReceiver(
      {
        kind: 'alertmanager',
        name: 'am',
        minimumSeverity: 'warning',
        address: { kind: 'url', url: alertmanager.url },
        timeoutMs: 10_000,
        headers: {},
        access: { kind: 'none' },
        tls: {},
        eventFiresForMs: 3_600_000,
        conditionFiresForMs: 86_400_000,
        labels: { team: 'ml' },
      },
      Date.now,
    );
  });

  after(async () => {
    receiver.close?.();
    await alertmanager.stop();
  });

  async function tell(namespace: string, kind: AlertKind): Promise<void> {
    const message = alertMessage(kind, { namespace, alert: { atMs: Date.now() } });
    const delivery = await receiver.deliver(message, new AbortController().signal);
    assert.deepEqual(delivery, { kind: 'delivered' });
  }

  async function namesOf(namespace: string): Promise<readonly (string | undefined)[]> {
    return (await alertmanager.firing(namespace)).map(({ labels }) => labels['alertname']).sort();
  }

  it('a pause fires until the rollout goes on', async () => {
    await tell('paused', 'paused');
    await until(async () => (await namesOf('paused')).length === 1);
    const [alert] = await alertmanager.firing('paused');
    assert.equal(alert?.labels['alertname'], 'MLVerdictRolloutPaused');
    assert.equal(alert.labels['team'], 'ml');
    assert.match(alert.annotations['description'] ?? '', /ml-verdict rollout resume/);
    assert.equal(alert.generatorURL, alertMessage('paused').link);
    await tell('paused', 'resumed');
    await until(async () => (await namesOf('paused')).length === 0);
  });

  it('a rollback fires on when the canary has zero, until the next rollout starts', async () => {
    await tell('back', 'paused');
    await tell('back', 'rolling-back');
    await tell('back', 'rolled-back');
    await until(async () => (await namesOf('back')).join() === 'MLVerdictRolloutRollingBack');
    await tell('back', 'started');
    await until(async () => (await namesOf('back')).length === 0);
  });

  it('the end of what was never told makes nothing fire', async () => {
    await tell('quiet', 'started');
    await tell('loud', 'failed');
    await until(async () => (await namesOf('loud')).length === 1);
    assert.deepEqual(await namesOf('quiet'), []);
  });
});
