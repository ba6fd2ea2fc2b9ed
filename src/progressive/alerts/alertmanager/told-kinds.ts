import type { AlertKind } from '../../machine/alert.js';
import type { AlertMessage } from '../alert-message.js';
import type { KindChange } from './kind-changes.js';

/** So many rollouts are remembered; what was told of the others is long over. */
const longestMemory = 10_000;

type Told = Readonly<Record<KindChange['change'], number>>;

const nothing: Told = { fires: -Infinity, ends: -Infinity };

/**
 * What an Alertmanager was told last of each kind of alert of each rollout, by when it happened. Urgent alerts overtake
 * others, and Alertmanager believes what comes last: a start that comes after the rollback that followed it would end that
 * rollback's alert.
 */
export class ToldKinds {
  readonly #rollouts = new Map<string, ReadonlyMap<AlertKind, Told>>();

  /** Whether nothing was told of the kind that is newer. Of the same instant what fires is the newer one. */
  isNews(message: AlertMessage, { kind, change }: KindChange): boolean {
    const { fires, ends } = this.#rollouts.get(rolloutOf(message))?.get(kind) ?? nothing;
    const { atMs } = message.alert;
    return change === 'fires' ? atMs >= fires && atMs >= ends : atMs >= ends && atMs > fires;
  }

  /** Keeps in mind that it was told. */
  keep(message: AlertMessage, changes: readonly KindChange[]): void {
    const rollout = rolloutOf(message);
    const kinds = new Map(this.#rollouts.get(rollout));
    for (const { kind, change } of changes) {
      kinds.set(kind, { ...(kinds.get(kind) ?? nothing), [change]: message.alert.atMs });
    }
    this.#rollouts.delete(rollout);
    this.#rollouts.set(rollout, kinds);
    const [oldest] = this.#rollouts.keys();
    if (this.#rollouts.size > longestMemory && oldest !== undefined) this.#rollouts.delete(oldest);
  }
}

/** What Alertmanager tells rollouts apart by: their labels, which one that was deleted shares with its successor. */
function rolloutOf({ namespace, rollout, model, target }: AlertMessage): string {
  return JSON.stringify([namespace, rollout, model, target]);
}
