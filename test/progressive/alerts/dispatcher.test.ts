import assert from 'node:assert/strict';
import {
  createAlertDispatcher,
  type AlertObserver,
  type DispatcherParts,
} from '../../../src/progressive/alerts/index.js';
import { alertMessage } from './support/alert-messages.js';
import { ManualClock, settled } from './support/manual-clock.js';
import { TestReceiver } from './support/test-receiver.js';

const down = { kind: 'later', reason: 'refuses connections' } as const;
const minuteMs = 60_000;

describe('the alert dispatcher', () => {
  function start(receivers: readonly TestReceiver[], more: Partial<DispatcherParts> = {}) {
    const clock = new ManualClock();
    const told: string[] = [];
    const log: string[] = [];
    const observer: AlertObserver = {
      onDelivered: ({ receiver, attempts }, afterMs) =>
        log.push(`${receiver} delivered ${attempts} ${afterMs}`),
      onPutOff: ({ receiver }, reason, ms) => log.push(`${receiver} put off ${ms}: ${reason}`),
      onGivenUp: ({ receiver, attempts }, reason) => log.push(`${receiver} given up ${attempts}: ${reason}`),
      onDropped: ({ receiver, message }) => log.push(`${receiver} dropped ${message.alert.key}`),
    };
    const dispatcher = createAlertDispatcher({
      receivers,
      now: clock.now,
      timer: clock.timer,
      random: () => 0,
      onSettled: (uid, key) => told.push(`${uid.slice(-1)} ${key}`),
      observer,
      ...more,
    });
    return { clock, dispatcher, told, log };
  }

  it('brings an alert to every receiver and says so once', async () => {
    const receivers = [new TestReceiver('a'), new TestReceiver('b')];
    const { dispatcher, told, log } = start(receivers);
    dispatcher.offer(alertMessage('paused'));
    assert.deepEqual(told, []);
    await settled();
    assert.deepEqual(
      receivers.map(({ keys }) => keys),
      [['1/1/paused'], ['1/1/paused']],
    );
    assert.deepEqual(told, ['1 1/1/paused']);
    assert.deepEqual(log, ['a delivered 1 0', 'b delivered 1 0']);
  });

  it('sends an alert once however often it is offered, and tells again that it is settled', async () => {
    const receiver = new TestReceiver();
    const { dispatcher, told } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    dispatcher.offer(alertMessage('paused'));
    await settled();
    dispatcher.offer(alertMessage('paused'));
    assert.equal(told.length, 1, 'not from within offer');
    await settled();
    assert.deepEqual([receiver.sent.length, told.length], [1, 2]);
  });

  it('waits no longer than it had set itself where the clock is set back', async () => {
    const receiver = new TestReceiver();
    const { clock, dispatcher, log } = start([receiver]);
    receiver.answer = () => (receiver.sent.length === 1 ? down : { kind: 'delivered' });
    dispatcher.offer(alertMessage('paused'));
    await settled();
    const waitMs = Number(/put off (\d+)/.exec(log[0] ?? '')?.[1]);
    assert.ok(waitMs > 0);
    clock.nowMs -= 60 * minuteMs;
    await clock.pass(waitMs - 1);
    assert.equal(receiver.sent.length, 1);
    await clock.pass(1);
    assert.equal(receiver.sent.length, 2);
    assert.match(log[1] ?? '', new RegExp(`^\\S+ delivered 2 ${waitMs}$`));
  });

  it('takes what waits along where the clock is set back while others come', async () => {
    const receiver = new TestReceiver();
    const { clock, dispatcher, log } = start([receiver]);
    receiver.answer = () => (receiver.sent.length === 1 ? down : { kind: 'delivered' });
    dispatcher.offer(alertMessage('paused'));
    await settled();
    const waitMs = Number(/put off (\d+)/.exec(log[0] ?? '')?.[1]);
    clock.nowMs -= 60 * minuteMs;
    dispatcher.offer(alertMessage('paused', { uid: 'another' }));
    await clock.pass(waitMs);
    assert.equal(receiver.sent.length, 3);
  });

  it('tells the same key of two rollouts apart', async () => {
    const receiver = new TestReceiver();
    const { dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    dispatcher.offer(alertMessage('paused', { uid: 'another' }));
    await settled();
    assert.equal(receiver.sent.length, 2);
  });

  it('settles what nobody wants to know', async () => {
    const receiver = new TestReceiver('a', 'warning');
    const { dispatcher, told } = start([receiver]);
    dispatcher.offer(alertMessage('started'));
    dispatcher.offer(alertMessage('paused', { alert: { key: '1/2/paused' } }));
    await settled();
    assert.deepEqual(receiver.keys, ['1/2/paused']);
    assert.deepEqual(told, ['1 1/1/started', '1 1/2/paused']);
  });

  it('waits twice as long after every failure, up to five minutes, and gives up after an hour', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => down;
    const { clock, dispatcher, told, log } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    await clock.pass(58 * minuteMs);
    const seconds = log.map((line) => Number(/put off (\d+)/.exec(line)?.[1]) / 1000);
    assert.deepEqual(seconds.slice(0, 11), [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    assert.deepEqual(told, []);
    await clock.pass(2 * minuteMs);
    assert.match(log.at(-1) ?? '', /^ops given up \d+: refuses connections$/);
    assert.deepEqual(told, ['1 1/1/paused']);
    const tries = receiver.sent.length;
    await clock.pass(60 * minuteMs);
    assert.equal(receiver.sent.length, tries);
  });

  it('leaves away a random part of a pause', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => down;
    const { clock, dispatcher, log } = start([receiver], { random: () => 1 });
    dispatcher.offer(alertMessage('paused'));
    await clock.pass(0);
    assert.deepEqual(log, ['ops put off 500: refuses connections']);
  });

  it('heeds how long a receiver wants to be left alone', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => ({ kind: 'later', reason: 'is busy', retryAfterMs: 90_000 });
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    await clock.pass(89_000);
    dispatcher.offer(alertMessage('paused', { uid: 'another' }));
    await clock.pass(500);
    assert.equal(receiver.sent.length, 1);
    receiver.answer = () => ({ kind: 'delivered' });
    await clock.pass(500);
    assert.equal(receiver.sent.length, 3);
  });

  it('does not believe a receiver that wants to be left alone for a day', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => ({ kind: 'later', reason: 'is busy', retryAfterMs: 86_400_000 });
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    await clock.pass(15 * minuteMs);
    assert.equal(receiver.sent.length, 2);
  });

  it('does not try again what is refused for good', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => ({ kind: 'never', reason: 'refuses the alert (400)' });
    const { clock, dispatcher, told, log } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    await clock.pass(60 * minuteMs);
    assert.deepEqual(log, ['ops given up 1: refuses the alert (400)']);
    assert.deepEqual(told, ['1 1/1/paused']);
  });

  it('lets no receiver delay another', async () => {
    const [hanging, healthy] = [new TestReceiver('hanging'), new TestReceiver('healthy')];
    hanging.answer = () => new Promise(() => undefined);
    const { clock, dispatcher, told, log } = start([hanging, healthy]);
    for (const number of [1, 2, 3]) {
      dispatcher.offer(alertMessage('paused', { alert: { key: `1/${number}/paused` } }));
    }
    await clock.pass(0);
    assert.equal(healthy.sent.length, 3);
    assert.equal(hanging.sent.length, 1);
    assert.deepEqual(told, []);
    await clock.pass(35_000);
    assert.equal(log.at(-1), 'hanging put off 1000: had not answered after 35000 ms');
    assert.deepEqual(
      [...dispatcher.waiting()],
      [
        ['hanging', 3],
        ['healthy', 0],
      ],
    );
  });

  it('keeps the order of a rollout over failures', async () => {
    const receiver = new TestReceiver();
    let failures = 2;
    receiver.answer = () => {
      failures -= 1;
      return failures >= 0 ? down : { kind: 'delivered' };
    };
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('started'));
    dispatcher.offer(alertMessage('stage-reached', { alert: { key: '1/2/stage-reached' } }));
    await clock.pass(minuteMs);
    assert.deepEqual(receiver.keys, ['1/1/started', '1/1/started', '1/1/started', '1/2/stage-reached']);
  });

  it('sends the most urgent first once a receiver is back', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => down;
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('started'));
    dispatcher.offer(alertMessage('paused', { alert: { key: '1/2/paused' } }));
    dispatcher.offer(alertMessage('rolling-back', { alert: { key: '1/3/rolling-back' } }));
    dispatcher.offer(alertMessage('rolled-back', { alert: { key: '1/4/rolled-back' } }));
    await clock.pass(0);
    receiver.sent.length = 0;
    receiver.answer = () => ({ kind: 'delivered' });
    await clock.pass(minuteMs);
    assert.deepEqual(receiver.keys, ['1/3/rolling-back', '1/2/paused', '1/1/started', '1/4/rolled-back']);
  });

  it('sends what an urgent alert overtook right after it', async () => {
    const receiver = new TestReceiver();
    receiver.answer = ({ alert }) => (alert.kind === 'started' ? down : { kind: 'delivered' });
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('started'));
    await clock.pass(10 * minuteMs);
    // Ends the pause of the receiver, not that of the alert.
    dispatcher.offer(alertMessage('failed', { uid: 'another' }));
    while (!receiver.keys.includes('1/1/failed')) await clock.pass(100);
    await clock.pass(0);
    receiver.answer = () => ({ kind: 'delivered' });
    dispatcher.offer(alertMessage('rolling-back', { alert: { key: '1/2/rolling-back' } }));
    await clock.pass(2000);
    assert.deepEqual(receiver.keys.slice(-2), ['1/2/rolling-back', '1/1/started']);
  });

  it('lets an alert that a receiver cannot stomach hold up no other rollout', async () => {
    const receiver = new TestReceiver();
    receiver.answer = ({ uid }) => (uid === 'bad' ? down : { kind: 'delivered' });
    const { clock, dispatcher } = start([receiver]);
    dispatcher.offer(alertMessage('paused', { uid: 'bad' }));
    dispatcher.offer(alertMessage('paused', { uid: 'good' }));
    await clock.pass(2000);
    assert.ok(receiver.sent.some(({ uid }) => uid === 'good'));
  });

  it('drops the newest of the least urgent where too many wait, never the one on its way', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => new Promise(() => undefined);
    const { dispatcher, log } = start([receiver], { limits: { longestQueue: 3 } });
    dispatcher.offer(alertMessage('started', { alert: { key: 'on its way' } }));
    dispatcher.offer(alertMessage('rolling-back', { alert: { key: 'critical' } }));
    dispatcher.offer(alertMessage('started', { alert: { key: 'info' } }));
    dispatcher.offer(alertMessage('started', { alert: { key: 'info too' } }));
    dispatcher.offer(alertMessage('paused', { alert: { key: 'warning' } }));
    dispatcher.offer(alertMessage('rolling-back', { alert: { key: 'critical too' } }));
    await settled();
    assert.deepEqual(log, ['ops dropped info too', 'ops dropped info', 'ops dropped warning']);
    assert.equal(dispatcher.waiting().get('ops'), 3);
  });

  it('settles what there was no room for once it was offered again and delivered, and loses none', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => ({ kind: 'later', reason: 'is busy', retryAfterMs: 30_000 });
    const { clock, dispatcher, told, log } = start([receiver], { limits: { longestQueue: 10 } });
    const all = Array.from({ length: 15 }, (_, number) =>
      alertMessage('rolling-back', { uid: `rollout ${String.fromCharCode(97 + number)}` }),
    );
    for (let round = 0; round < 3; round += 1) {
      for (const message of all) dispatcher.offer(message);
      await clock.pass(1000);
    }
    assert.deepEqual(told, [], 'nothing is forgotten where it is kept');
    assert.equal(log.filter((line) => line.includes('dropped')).length, 5, 'each is told once');
    receiver.answer = () => ({ kind: 'delivered' });
    receiver.sent.length = 0;
    await clock.pass(minuteMs);
    assert.equal(told.length, 10);
    for (const message of all) dispatcher.offer(message);
    await clock.pass(minuteMs);
    assert.equal(new Set(told).size, 15);
    assert.deepEqual(receiver.sent.map(({ uid }) => uid).sort(), all.map(({ uid }) => uid).sort());
  });

  it('brings what one receiver had no room for to that one alone', async () => {
    const [hanging, healthy] = [new TestReceiver('hanging'), new TestReceiver('healthy')];
    let letGo: () => void = () => undefined;
    hanging.answer = () =>
      new Promise((resolve) => {
        letGo = () => {
          resolve({ kind: 'delivered' });
        };
      });
    const { clock, dispatcher, told } = start([hanging, healthy], { limits: { longestQueue: 1 } });
    const [first, second] = [alertMessage('paused'), alertMessage('paused', { uid: 'rollout 2' })];
    dispatcher.offer(first);
    await clock.pass(0);
    dispatcher.offer(second);
    await clock.pass(0);
    assert.deepEqual([healthy.sent.length, told.length], [2, 0]);
    hanging.answer = () => ({ kind: 'delivered' });
    letGo();
    await clock.pass(0);
    assert.deepEqual(told, ['1 1/1/paused']);
    dispatcher.offer(second);
    await clock.pass(0);
    assert.deepEqual([hanging.sent.length, healthy.sent.length], [2, 2]);
    assert.deepEqual(told, ['1 1/1/paused', '2 1/1/paused']);
  });

  it('survives a receiver that throws, and repeats nothing of what it threw', async () => {
    const receiver = new TestReceiver();
    receiver.answer = () => {
      throw new Error('https://hooks.example.com/secret');
    };
    const { dispatcher, log } = start([receiver]);
    dispatcher.offer(alertMessage('paused'));
    await settled();
    assert.deepEqual(log, ['ops put off 1000: failed in an unforeseen way']);
  });

  describe('when it is closed', () => {
    it('tries what waits once more and lets go of the receivers', async () => {
      const receiver = new TestReceiver();
      receiver.answer = () => down;
      const { clock, dispatcher, told } = start([receiver]);
      for (const number of [1, 2]) {
        dispatcher.offer(alertMessage('paused', { alert: { key: `1/${number}/paused` } }));
      }
      await clock.pass(0);
      receiver.answer = () => ({ kind: 'delivered' });
      await dispatcher.close(5000);
      assert.deepEqual(told, ['1 1/1/paused', '1 1/2/paused']);
      assert.ok(receiver.isClosed);
      dispatcher.offer(alertMessage('failed', { alert: { key: '1/3/failed' } }));
      await settled();
      assert.deepEqual([receiver.sent.length, told.length], [3, 2]);
    });

    it('ends with the first failure, and settles nothing that was not delivered', async () => {
      const receiver = new TestReceiver();
      receiver.answer = () => down;
      const { clock, dispatcher, told } = start([receiver]);
      dispatcher.offer(alertMessage('paused'));
      await clock.pass(0);
      await dispatcher.close(5000);
      await clock.pass(60 * minuteMs);
      assert.deepEqual([receiver.sent.length, told], [2, []]);
    });

    it('waits for a delivery no longer than it was told', async () => {
      const receiver = new TestReceiver();
      let isAborted = false;
      receiver.answer = (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            resolve(down);
          });
        });
      const { clock, dispatcher, told } = start([receiver]);
      dispatcher.offer(alertMessage('paused'));
      const closed = dispatcher.close(5000);
      await clock.pass(4999);
      assert.equal(isAborted, false);
      await clock.pass(1);
      await closed;
      assert.deepEqual([isAborted, told], [true, []]);
    });
  });
});
