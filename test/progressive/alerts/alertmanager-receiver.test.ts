import assert from 'node:assert/strict';
import {
  alertmanagerAlerts,
  alertName,
  createAlertmanagerReceiver,
  type AlertmanagerSettings,
  type AlertMessage,
} from '../../../src/progressive/alerts/index.js';
import { answering, FakeServer } from '../../sources/prometheus/server/support/fake-server.js';
import { alertMessage, atMs } from './support/alert-messages.js';

const settings: AlertmanagerSettings = {
  kind: 'alertmanager',
  name: 'am',
  minimumSeverity: 'warning',
  address: { kind: 'url', url: '' },
  timeoutMs: 5000,
  headers: {},
  access: { kind: 'none' },
  tls: {},
  eventFiresForMs: 3_600_000,
  conditionFiresForMs: 86_400_000,
  labels: { team: 'ml' },
};

/** Names of what fires, and of what ends. */
function namesOf(message: AlertMessage, more: Partial<AlertmanagerSettings> = {}) {
  const alerts = alertmanagerAlerts(message, { ...settings, ...more });
  const names = (isFiring: boolean) =>
    alerts
      .filter(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt) === isFiring)
      .map(({ labels }) => labels['alertname']);
  return { firing: names(true), ended: names(false) };
}

describe('an Alertmanager for alerts', () => {
  it('gets labels that do not change, and the rest as annotations', () => {
    assert.deepEqual(alertmanagerAlerts(alertMessage('rollback-refused'), settings), [
      {
        labels: {
          team: 'ml',
          alertname: 'MLVerdictRolloutRollbackRefused',
          severity: 'critical',
          namespace: 'ml',
          rollout: 'fraud-detector',
          model: 'fraud-detector',
          target: 'InferenceService fraud-detector',
        },
        annotations: {
          summary: 'Canary of fraud-detector cannot be rolled back',
          description: [
            'error-rate: 2.4 % > 1 %, evidence 120:1 of 80:1 needed',
            "Take the canary's traffic away by hand now, at InferenceService fraud-detector in namespace ml; it is tried again meanwhile.",
            'See how it stands: `ml-verdict rollout status fraud-detector -n ml`',
          ].join('\n'),
          percent: '10',
          canary: 'v2',
          stable: 'v1',
          verdict: 'v-0123456789abcdef',
        },
        startsAt: '2026-01-05T10:12:00Z',
        endsAt: '2026-01-06T10:12:00Z',
        generatorURL: 'https://example.com/rollouts?model=fraud-detector&namespace=ml',
      },
    ]);
  });

  it('is not told what is not known', () => {
    const message = alertMessage('failed', {
      canary: null,
      stable: null,
      link: null,
      alert: { verdictId: null },
    });
    const [own] = alertmanagerAlerts(message, settings);
    assert.deepEqual(Object.keys(own?.annotations ?? {}), ['summary', 'description', 'percent']);
    assert.equal('generatorURL' in (own ?? {}), false);
  });

  it('lets what has happened fire for an hour, what lasts until it is over', () => {
    const [rollback] = alertmanagerAlerts(alertMessage('rolling-back'), settings);
    const [pause] = alertmanagerAlerts(alertMessage('paused'), settings);
    assert.equal(Date.parse(rollback?.endsAt ?? '') - atMs, 3_600_000);
    assert.equal(Date.parse(pause?.endsAt ?? '') - atMs, 86_400_000);
  });

  it('is told the end of what is over, by what is no warning itself', () => {
    assert.deepEqual(namesOf(alertMessage('resumed')), { firing: [], ended: ['MLVerdictRolloutPaused'] });
    assert.deepEqual(namesOf(alertMessage('stage-reached')).ended, ['MLVerdictRolloutPaused']);
    assert.deepEqual(namesOf(alertMessage('rolling-back')), {
      firing: ['MLVerdictRolloutRollingBack'],
      ended: ['MLVerdictRolloutPaused'],
    });
    assert.ok(
      !namesOf(alertMessage('rolled-back')).ended.includes('MLVerdictRolloutRollingBack'),
      'a rollback takes seconds: its alert would end before anybody was called',
    );
    assert.ok(namesOf(alertMessage('started')).ended.includes('MLVerdictRolloutRollingBack'));
  });

  it('has the end of an alert under the labels that it began with', () => {
    const [pause] = alertmanagerAlerts(alertMessage('paused'), settings);
    const [end] = alertmanagerAlerts(
      alertMessage('resumed', { canary: 'v3', alert: { percent: 25, atMs: atMs + 60_000 } }),
      settings,
    );
    assert.deepEqual(end?.labels, pause?.labels);
    assert.deepEqual([end?.startsAt, end?.endsAt], ['2026-01-05T10:13:00Z', '2026-01-05T10:13:00Z']);
  });

  it('gets what is less urgent where it is wanted', () => {
    assert.deepEqual(namesOf(alertMessage('promoted'), { minimumSeverity: 'info' }).firing, [
      'MLVerdictRolloutPromoted',
    ]);
    assert.deepEqual(namesOf(alertMessage('resumed'), { minimumSeverity: 'critical' }), {
      firing: [],
      ended: [],
    });
    assert.equal(alertName('weight-after-rollback'), 'MLVerdictRolloutWeightAfterRollback');
  });

  it('is posted to by its API, and left alone where there is nothing to tell', async () => {
    const fake = await FakeServer.start(answering({}));
    const url = `${fake.url()}/alertmanager/`;
    const receiver = createAlertmanagerReceiver({ ...settings, address: { kind: 'url', url } }, Date.now);
    const { signal } = new AbortController();
    assert.equal(receiver.minimumSeverity, 'info');
    assert.equal((await receiver.deliver(alertMessage('command-ignored'), signal)).kind, 'delivered');
    assert.equal(fake.requests.length, 0);
    assert.equal((await receiver.deliver(alertMessage('paused'), signal)).kind, 'delivered');
    assert.equal(fake.requests[0]?.url, '/alertmanager/api/v2/alerts');
    assert.deepEqual(JSON.parse(fake.requests[0].body), alertmanagerAlerts(alertMessage('paused'), settings));
    receiver.close?.();
    await fake.stop();
  });
});
