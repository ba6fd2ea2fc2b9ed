import { alertId } from '../alert-id.js';
import type { AlertMessage } from '../alert-message.js';
import type { AlertReceiver } from '../alert-receiver.js';
import { isUrgentEnough } from '../severity.js';
import type { AlertObserver } from './alert-observer.js';
import { ReceiverWorker, type DeliveryLimits } from './receiver-worker.js';
import { Settlements } from './settlements.js';
import { realTimer, type Timer } from './timer.js';

/** What a dispatcher is made with. */
export interface DispatcherParts {
  readonly receivers: readonly AlertReceiver[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /**
   * Is told that an alert needs nothing more: every receiver has it, or it was given up there. Told again when an alert is
   * offered again after that, and never from within `offer`.
   */
  readonly onSettled?: (uid: string, key: string) => void;
  readonly observer?: AlertObserver;
  /** For tests: absent, real time and real chance. */
  readonly timer?: Timer;
  readonly random?: () => number;
  readonly limits?: Partial<DeliveryLimits>;
}

/** Brings alerts to all receivers, each at its own pace. */
export interface AlertDispatcher {
  /**
   * Returns at once and never fails. An alert that was offered before is not sent again, but to receivers that had no room
   * for it: until they had, it is not settled, and whoever keeps it offers it again.
   */
  offer(message: AlertMessage): void;
  /** How many alerts wait, by the name of the receiver. */
  waiting(): ReadonlyMap<string, number>;
  /**
   * Takes no more, tries what waits once more and ends after so many milliseconds at the latest. What was not delivered by
   * then is not settled.
   */
  close(graceMs: number): Promise<void>;
}

const defaultLimits: DeliveryLimits = { longestQueue: 1000, giveUpMs: 3_600_000, deliveryMs: 35_000 };

export function createAlertDispatcher(parts: DispatcherParts): AlertDispatcher {
  const { receivers, now, onSettled, observer = {}, timer = realTimer, random = Math.random } = parts;
  const limits: DeliveryLimits = { ...defaultLimits, ...parts.limits };
  const settlements = new Settlements();
  let isClosed = false;

  const tell = (uid: string, key: string): void => {
    queueMicrotask(() => {
      onSettled?.(uid, key);
    });
  };
  const workers = receivers.map(
    (receiver) =>
      new ReceiverWorker(receiver, {
        now,
        timer,
        random,
        observer,
        limits,
        onDone: (id, { uid, alert }) => {
          if (settlements.close(id, receiver.name)) tell(uid, alert.key);
        },
        onDropped: (id) => {
          settlements.miss(id, receiver.name);
        },
      }),
  );

  return {
    offer(message) {
      const id = alertId(message);
      const { uid, alert } = message;
      if (isClosed) return;
      const wanting = workers.filter(({ receiver }) =>
        isUrgentEnough(alert.severity, receiver.minimumSeverity),
      );
      if (settlements.isSettled(id) || wanting.length === 0) {
        tell(uid, alert.key);
        return;
      }
      const names = settlements.open(
        id,
        wanting.map(({ receiver }) => receiver.name),
      );
      for (const worker of wanting.filter(({ receiver }) => names.includes(receiver.name))) {
        worker.add(id, message);
      }
    },
    waiting: () => new Map(workers.map(({ receiver, waiting }) => [receiver.name, waiting])),
    async close(graceMs) {
      isClosed = true;
      const abort = new AbortController();
      const stop = timer(graceMs, () => {
        abort.abort();
      });
      await Promise.all(workers.map((worker) => worker.close(abort.signal)));
      stop();
    },
  };
}
