import assert from 'node:assert/strict';
import { z } from 'zod';
import {
  alertmanagerAlerts,
  alertName,
  createAlertmanagerReceiver,
  kindChanges,
  type AlertmanagerSettings,
  type AlertMessage,
  type AlertReceiver,
} from '../../../src/progressive/alerts/index.js';
import type { AlertKind } from '../../../src/progressive/machine/alert.js';
import { answering, FakeServer } from '../../sources/prometheus/server/support/fake-server.js';
import { alertMessage, atMs } from './support/alert-messages.js';

const posted = z.array(
  z.object({ labels: z.object({ alertname: z.string() }), startsAt: z.string(), endsAt: z.string() }),
);

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

/** What an alert that comes at once makes. */
function alertsOf(
  message: AlertMessage,
  more: Partial<AlertmanagerSettings> = {},
  nowMs = message.alert.atMs,
) {
  const all = { ...settings, ...more };
  return alertmanagerAlerts(message, kindChanges(message, all, nowMs), all);
}

/** Names of what fires, and of what ends. */
function namesOf(message: AlertMessage, more: Partial<AlertmanagerSettings> = {}) {
  const alerts = alertsOf(message, more);
  const names = (isFiring: boolean) =>
    alerts
      .filter(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt) === isFiring)
      .map(({ labels }) => labels['alertname']);
  return { firing: names(true), ended: names(false) };
}

describe('an Alertmanager for alerts', () => {
  it('gets labels that do not change, and the rest as annotations', () => {
    assert.deepEqual(alertsOf(alertMessage('rollback-refused')), [
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
    const [own] = alertsOf(message);
    assert.deepEqual(Object.keys(own?.annotations ?? {}), ['summary', 'description', 'percent']);
    assert.equal('generatorURL' in (own ?? {}), false);
  });

  it('lets what has happened fire for an hour, what lasts until it is over', () => {
    const [rollback] = alertsOf(alertMessage('rolling-back'));
    const [pause] = alertsOf(alertMessage('paused'));
    assert.equal(Date.parse(rollback?.endsAt ?? '') - atMs, 3_600_000);
    assert.equal(Date.parse(pause?.endsAt ?? '') - atMs, 86_400_000);
  });

  it('has what comes late fire as long as what comes at once', () => {
    const lateMs = atMs + 2 * 3_600_000;
    const [rollback] = alertsOf(alertMessage('rolling-back'), {}, lateMs);
    assert.deepEqual(
      [rollback?.startsAt, rollback?.endsAt],
      ['2026-01-05T10:12:00Z', '2026-01-05T13:12:00Z'],
    );
    const [early] = alertsOf(alertMessage('rolling-back'), {}, atMs - 60_000);
    assert.equal(Date.parse(early?.endsAt ?? '') - atMs, 3_600_000);
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
    const [pause] = alertsOf(alertMessage('paused'));
    const [end] = alertsOf(
      alertMessage('resumed', { canary: 'v3', alert: { percent: 25, atMs: atMs + 60_000 } }),
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

  describe('that urgent alerts reach before older ones', () => {
    let fake: FakeServer;
    let receiver: AlertReceiver;
    let status: number;
    /** What an Alertmanager makes of it: `true` while it fires. */
    let known: Map<string, boolean>;

    beforeEach(async () => {
      status = 200;
      known = new Map();
      fake = await FakeServer.start((_request, response) => {
        response.writeHead(status).end();
      });
      receiver = createAlertmanagerReceiver(
        { ...settings, address: { kind: 'url', url: fake.url() } },
        () => atMs,
      );
    });

    afterEach(async () => {
      receiver.close?.();
      await fake.stop();
    });

    /** @param afterMs when it happened */
    async function tell(kind: AlertKind, afterMs: number, more: Partial<AlertMessage> = {}): Promise<void> {
      const before = fake.requests.length;
      const { alert } = alertMessage(kind, { alert: { atMs: atMs + afterMs } });
      await receiver.deliver({ ...alertMessage(kind), ...more, alert }, new AbortController().signal);
      if (status !== 200) return;
      for (const { body } of fake.requests.slice(before)) {
        for (const { labels, startsAt, endsAt } of posted.parse(JSON.parse(body))) {
          known.set(labels.alertname, Date.parse(startsAt) < Date.parse(endsAt));
        }
      }
    }

    it('is not told that these end them', async () => {
      await tell('rolling-back', 1500);
      await tell('started', 0);
      assert.equal(known.get('MLVerdictRolloutRollingBack'), true);
      await tell('started', 3000);
      assert.equal(known.get('MLVerdictRolloutRollingBack'), false);
    });

    it('is not told of a pause that was over before it came', async () => {
      await tell('rolling-back', 1500);
      await tell('paused', 0);
      assert.deepEqual(
        [...known],
        [
          ['MLVerdictRolloutRollingBack', true],
          ['MLVerdictRolloutPaused', false],
        ],
      );
      await tell('paused', 3000);
      assert.equal(known.get('MLVerdictRolloutPaused'), true);
    });

    it('takes what fires for the newer one of the same instant', async () => {
      await tell('paused', 0);
      await tell('restarted', 0);
      assert.equal(known.get('MLVerdictRolloutPaused'), true);
      await tell('resumed', 1000);
      await tell('paused', 1000);
      assert.equal(known.get('MLVerdictRolloutPaused'), true);
    });

    it('is told of another rollout, and of a successor of the same name, by what it knows of them', async () => {
      await tell('rolling-back', 1500);
      await tell('started', 0, { rollout: 'another' });
      assert.equal(known.get('MLVerdictRolloutRollingBack'), false);
      await tell('rolling-back', 1500);
      await tell('started', 0, { uid: 'successor' });
      assert.equal(known.get('MLVerdictRolloutRollingBack'), true);
    });

    it('is told what it could not take before', async () => {
      status = 503;
      await tell('rolling-back', 1500);
      status = 200;
      await tell('started', 0);
      assert.equal(known.get('MLVerdictRolloutRollingBack'), false);
      await tell('rolling-back', 1500);
      assert.equal(known.get('MLVerdictRolloutRollingBack'), true);
    });
  });

  it('is posted to by its API, and left alone where there is nothing to tell', async () => {
    const fake = await FakeServer.start(answering({}));
    const url = `${fake.url()}/alertmanager/`;
    const receiver = createAlertmanagerReceiver({ ...settings, address: { kind: 'url', url } }, () => atMs);
    const { signal } = new AbortController();
    assert.equal(receiver.minimumSeverity, 'info');
    assert.equal((await receiver.deliver(alertMessage('command-ignored'), signal)).kind, 'delivered');
    assert.equal(fake.requests.length, 0);
    assert.equal((await receiver.deliver(alertMessage('paused'), signal)).kind, 'delivered');
    assert.equal(fake.requests[0]?.url, '/alertmanager/api/v2/alerts');
    assert.deepEqual(JSON.parse(fake.requests[0].body), alertsOf(alertMessage('paused')));
    receiver.close?.();
    await fake.stop();
  });
});
