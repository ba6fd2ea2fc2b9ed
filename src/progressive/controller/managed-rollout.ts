import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { rolloutBackOffMs } from '../driver/rollout-back-off.js';
import { isEnd } from '../machine/phase.js';
import { stateToGoOnWith } from '../resource/begin-run.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import { parseModelRollout } from '../resource/parse-model-rollout.js';
import { describeRefusal, isRefused, type Refused } from '../resource/refused-status.js';
import { rolloutReference } from '../resource/rollout-reference.js';
import { readSavedState } from '../resource/saved-state.js';
import { targetText } from '../resource/target-text.js';
import { claimOf } from './claim.js';
import type { CountedRollout } from './controller-metrics.js';
import { isUnderWay, leftMessage, leftMessageOf, type LastKnown } from './left-message.js';
import type { ManagedParts } from './managed-parts.js';
import type { ManagedRound } from './managed-round.js';
import { openRollout, type Opened } from './open-rollout.js';
import { writeRefusal } from './write-refusal.js';

/** When alerts of an ended rollout that are not settled are offered again. */
const offerAgainMs = 60_000;

/** One ModelRollout from its coming to its going. Rounds do not overlap. */
export class ManagedRollout {
  readonly key: string;
  readonly #parts: ManagedParts;
  readonly #name: string;
  readonly #namespace: string;
  readonly #abort = new AbortController();
  #signal: AbortSignal | undefined;
  readonly uid: string;
  #generation: number;
  /** What drives it; absent before the first round, after its end, and where it has to be read again. */
  #open: Opened | undefined;
  /** How it stood when it was last seen, whether it is being driven or not; absent after its end. */
  #last: LastKnown | undefined;
  #counted: CountedRollout | null = null;
  #failures = 0;
  #isGoneTold = false;

  constructor(parts: ManagedParts, { metadata }: KubernetesObject) {
    const { namespace = '', name, uid, generation = 0 } = metadata;
    this.key = `${namespace}/${name}`;
    this.#parts = parts;
    this.#name = name;
    this.#namespace = namespace;
    this.uid = uid;
    this.#generation = generation;
  }

  /**
   * Takes it on as it was found; whether it needs a round. One that has ended and is known to costs nothing, but for the watch
   * over one that was rolled back.
   */
  takeOn(object: KubernetesObject): boolean {
    const parsed = parseModelRollout(object, { kinds: this.#parts.kinds });
    const saved = readSavedState(object.status);
    if (!parsed.ok || saved.kind !== 'saved') return true;
    const { target, run, generation } = parsed.value;
    this.#remember({ rollout: parsed.value, state: saved.state });
    const { phase, percent, outbox } = saved.state;
    const isOld = run > saved.run || generation !== saved.observedGeneration;
    if (isOld || !isEnd(phase) || outbox.length > 0) return true;
    this.#count({ namespace: this.#namespace, name: this.#name, phase: phase.kind, percent });
    const place = target.kind.referenceOf(target.spec, this.#namespace);
    this.#parts.onTarget(this.key, phase.kind === 'rolled-back' ? place : null);
    return false;
  }

  /** Whether what was told of the object is news that needs a round: another spec. */
  isNews({ metadata }: KubernetesObject): boolean {
    return (metadata.generation ?? 0) > this.#generation;
  }

  /** It is to be read again before anything else is done. */
  readAgain({ metadata }: KubernetesObject): void {
    this.#close();
    this.#generation = metadata.generation ?? 0;
  }

  /** An alert has reached everybody: the next round forgets it. */
  acknowledge(key: string): void {
    this.#open?.driver.acknowledge([key]);
  }

  /** The object is not there any more: the target stays as it is, and people are told at which share. */
  gone(): void {
    this.#tellGone();
    this.drop();
    this.#parts.owners.release(this.key);
  }

  /** Stops driving it, without a word: somebody else goes on. */
  drop(): void {
    this.#abort.abort();
    this.#close();
    this.#parts.onTarget(this.key, null);
    this.#count(null);
  }

  /** One round; by when the next is due, undefined: when something happens. Never rejects. */
  async round(term: AbortSignal): Promise<number | undefined> {
    // Made once: what joins signals is kept for as long as the term lasts.
    const signal = (this.#signal ??= AbortSignal.any([term, this.#abort.signal]));
    if (isOver(signal)) return undefined;
    const startMs = performance.now();
    let result: ManagedRound;
    try {
      result = await this.#makeRound(signal);
    } catch (error) {
      // A mistake of ours in one rollout must not stop the others.
      this.#parts.log.error({ rollout: this.key, error: String(error) }, 'a round failed');
      this.#close();
      result = { kind: 'unavailable', reason: 'internal error' };
    }
    this.#parts.metrics.round((performance.now() - startMs) / 1000, result.kind);
    return isOver(signal) ? undefined : this.#nextMs(result);
  }

  async #makeRound(signal: AbortSignal): Promise<ManagedRound> {
    if (this.#open === undefined) {
      const opened = await this.#read(signal);
      if ('kind' in opened) return opened;
      if (isOver(signal)) return { kind: 'stale' };
      this.#open = opened;
    }
    const open = this.#open;
    const { driver, rollout, store } = open;
    const wasEnded = isEnd(driver.state.phase);
    let result: ManagedRound = await driver.round(rollout.spec, signal);
    this.#remember({ rollout, state: driver.state });
    if (isOver(signal) || this.#open !== open) return { kind: 'stale' };
    if (open.isGenerationNew && (result.kind === 'again' || result.kind === 'ended')) {
      // The spec was taken over without a change of the state: that is to be seen all the same.
      const saved = await store.save(driver.state, signal);
      open.isGenerationNew = saved.kind !== 'saved';
      if (saved.kind === 'conflict') result = { kind: 'stale' };
    }
    const { phase, percent } = driver.state;
    this.#count({ namespace: this.#namespace, name: this.#name, phase: phase.kind, percent });
    if (isEnd(phase) && !wasEnded && result.kind === 'ended') this.#parts.metrics.ended(phase);
    return result.kind === 'unavailable' ? { ...result, retryAfterMs: store.retryAfterMs } : result;
  }

  /** The object as it stands now, and what drives it. */
  async #read(signal: AbortSignal): Promise<Opened | ManagedRound> {
    const { api, kinds, now, owners } = this.#parts;
    const read = await api.get(rolloutReference(this.#namespace, this.#name), signal);
    if (read.kind === 'not-found') return { kind: 'gone' };
    if (read.kind === 'unavailable') return read;
    if (read.kind !== 'ok') return { kind: 'unavailable', reason: read.reason };
    const object = read.value;
    // Another one under the same name is taken on by itself.
    if (object.metadata.uid !== this.uid) return { kind: 'gone' };
    this.#generation = Math.max(this.#generation, object.metadata.generation ?? 0);
    const parsed = parseModelRollout(object, { kinds });
    owners.claim(this.key, claimOf(object, parsed, kinds));
    const saved = readSavedState(object.status);
    if (parsed.ok && saved.kind === 'saved') this.#remember({ rollout: parsed.value, state: saved.state });
    if (object.metadata.deletionTimestamp !== undefined) return this.#leave(object, signal);
    if (!parsed.ok) {
      return this.#refuse(object, { reason: 'InvalidSpec', errors: parsed.errors }, undefined, signal);
    }
    if (saved.kind === 'unreadable') {
      return this.#refuse(object, { reason: 'UnreadableState', errors: saved.errors }, parsed.value, signal);
    }
    const rollout = parsed.value;
    const goOn = stateToGoOnWith(saved, rollout.run, now());
    const owner = isEnd(goOn.state.phase) ? this.key : owners.ownerOf(this.key);
    if (owner !== this.key) {
      return this.#refuse(
        object,
        { reason: 'TargetInUse', target: targetText(rollout), owner },
        rollout,
        signal,
      );
    }
    const isGenerationNew =
      saved.kind === 'new' || saved.observedGeneration !== rollout.generation || isRefused(object.status);
    const opened = openRollout(this.#parts, this.key, { object, rollout, ...goOn, isGenerationNew });
    const { spec, kind } = rollout.target;
    const isWatched = !isEnd(goOn.state.phase) || goOn.state.phase.kind === 'rolled-back';
    this.#parts.onTarget(this.key, isWatched ? kind.referenceOf(spec, this.#namespace) : null);
    return opened;
  }

  /** Says why nothing is driven; in the midst of a run people are told at which share it was left. */
  async #refuse(
    object: KubernetesObject,
    refused: Refused,
    rollout: ModelRollout | undefined,
    signal: AbortSignal,
  ): Promise<ManagedRound> {
    const { now, onAlert, onTarget, alertLink } = this.#parts;
    onTarget(this.key, null);
    const phase = refused.reason === 'TargetInUse' ? 'in-use' : 'refused';
    this.#count({ namespace: this.#namespace, name: this.#name, phase, percent: 0 });
    const tell = (): void => {
      const { generation = 0 } = object.metadata;
      const left = { key: `refused/${generation}`, why: describeRefusal(refused), atMs: now() };
      const message =
        this.#last === undefined
          ? leftMessageOf(object, rollout, left)
          : leftMessage(this.#last, left, alertLink);
      if (message !== undefined) onAlert(message);
    };
    return writeRefusal(this.#parts, object, refused, tell, signal);
  }

  /** It is being deleted. That this was told is kept, since it may stay for long. */
  async #leave(object: KubernetesObject, signal: AbortSignal): Promise<ManagedRound> {
    if (this.#last === undefined) return { kind: 'gone' };
    const tell = (): void => {
      this.#tellGone();
    };
    await writeRefusal(this.#parts, object, { reason: 'BeingDeleted' }, tell, signal);
    // Now, or by another leader before.
    this.#isGoneTold = true;
    return { kind: 'gone' };
  }

  #tellGone(): void {
    const last = this.#last;
    if (this.#isGoneTold || last === undefined) return;
    this.#isGoneTold = true;
    const { now, onAlert, alertLink } = this.#parts;
    const key = `${last.state.attempt}/deleted`;
    onAlert(leftMessage(last, { key, why: 'The ModelRollout was deleted:', atMs: now() }, alertLink));
  }

  #remember(seen: LastKnown): void {
    this.#last = isUnderWay(seen) ? seen : undefined;
  }

  #nextMs(result: ManagedRound): number | undefined {
    const { now, chance, log } = this.#parts;
    switch (result.kind) {
      case 'again':
        this.#failures = 0;
        return result.atMs;
      case 'ended':
        this.#failures = 0;
        return this.#afterEnd();
      case 'gone':
        this.gone();
        return undefined;
      case 'stale':
      case 'unavailable': {
        this.#failures += 1;
        if (result.kind === 'stale') this.#close();
        else log.warn({ rollout: this.key, reason: result.reason }, 'the round could not be made');
        // Somebody else wrote: at once the first time, since that is how a command arrives.
        const isFirst = result.kind === 'stale' && this.#failures === 1;
        if (isFirst) return now();
        const askedMs = result.kind === 'unavailable' ? (result.retryAfterMs ?? 0) : 0;
        return now() + Math.max(askedMs, rolloutBackOffMs(this.#failures, chance()));
      }
    }
  }

  /** Nothing more is done, but for a new run that waited for this end, and alerts that have to be forgotten. */
  #afterEnd(): number | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    const { driver, rollout, run } = open;
    if (rollout.run > run) {
      this.#close();
      return this.#parts.now();
    }
    const { phase, outbox } = driver.state;
    this.#parts.owners.release(this.key);
    if (phase.kind !== 'rolled-back') this.#parts.onTarget(this.key, null);
    // An ended rollout costs no memory for what drove it.
    if (outbox.length === 0) {
      this.#close();
      return undefined;
    }
    // One that found no place in a queue is offered again.
    return this.#parts.now() + offerAgainMs;
  }

  #close(): void {
    this.#open?.driver.stop();
    this.#open = undefined;
  }

  #count(after: CountedRollout | null): void {
    const before = this.#counted;
    if (before?.phase === after?.phase && before?.percent === after?.percent) return;
    this.#counted = after;
    this.#parts.metrics.rollout(before, after);
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
