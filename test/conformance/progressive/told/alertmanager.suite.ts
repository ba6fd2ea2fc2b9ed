import assert from 'node:assert/strict';
import {
  createAlertDispatcher,
  createAlertmanagerReceiver,
  type AlertReceiver,
} from '../../../../src/progressive/alerts/index.js';
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

  async function tell(namespace: string, kind: AlertKind, atMs = Date.now()): Promise<void> {
    const message = alertMessage(kind, { namespace, alert: { atMs } });
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

  it('a rollback that overtook the start of its canary, or a pause, fires on when they arrive', async () => {
    const nowMs = Date.now();
    await tell('overtaken', 'rolling-back', nowMs - 1000);
    await tell('overtaken', 'paused', nowMs - 2000);
    await tell('overtaken', 'started', nowMs - 3000);
    await tell('marker', 'failed');
    await until(async () => (await namesOf('marker')).length === 1);
    assert.deepEqual(await namesOf('overtaken'), ['MLVerdictRolloutRollingBack']);
  });

  it('alerts that waited while it was away arrive in the order of their urgency, and fire as they stand', async () => {
    let isAway = true;
    const dispatcher = createAlertDispatcher({
      receivers: [
        {
          ...receiver,
          deliver: async (message, signal) =>
            isAway ? { kind: 'later', reason: 'is away' } : await receiver.deliver(message, signal),
          close: () => undefined,
        },
      ],
      now: Date.now,
    });
    const nowMs = Date.now();
    for (const [namespace, ...kinds] of [
      ['away back', 'started', 'rolling-back'],
      ['away paused', 'started', 'paused'],
      ['away resumed', 'started', 'paused', 'resumed'],
    ] as const) {
      for (const [index, kind] of kinds.entries()) {
        const key = `1/${index + 1}/${kind}`;
        dispatcher.offer(
          alertMessage(kind, {
            namespace,
            uid: namespace,
            alert: { key, atMs: nowMs - 3000 + 1000 * index },
          }),
        );
      }
    }
    isAway = false;
    await until(() => [...dispatcher.waiting().values()].every((waiting) => waiting === 0));
    await dispatcher.close(0);
    assert.deepEqual(await namesOf('away back'), ['MLVerdictRolloutRollingBack']);
    assert.deepEqual(await namesOf('away paused'), ['MLVerdictRolloutPaused']);
    assert.deepEqual(await namesOf('away resumed'), []);
  });

  it('a rollback that is told hours later fires all the same', async () => {
    await tell('late', 'rolling-back', Date.now() - 2 * 3_600_000);
    await until(async () => (await namesOf('late')).join() === 'MLVerdictRolloutRollingBack');
  });

  it('the end of what was never told makes nothing fire', async () => {
    await tell('quiet', 'started');
    await tell('loud', 'failed');
    await until(async () => (await namesOf('loud')).length === 1);
    assert.deepEqual(await namesOf('quiet'), []);
  });
});
