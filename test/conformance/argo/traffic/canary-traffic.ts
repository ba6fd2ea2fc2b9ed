import type { FastClock } from '../../../support/service/fast-clock.js';
import { Draw } from '../../../support/simulation/draw.js';
import { champion, type Character } from './characters.js';
import { EvenShare } from './even-share.js';
import { PersistentSender, type SenderTally } from './persistent-sender.js';
import { SliceBodies } from './slice-bodies.js';
import { VersionPlayer } from './version-player.js';
import type { VersionTally } from './version-tally.js';

const lookMs = 60_000;

/** Which traffic, and where to. */
export interface CanaryTrafficOptions {
  readonly clock: FastClock;
  /** Where the service is at that moment. */
  readonly url: () => string;
  /** A token of scope `ingest`. */
  readonly token: string;
  readonly namespace: string;
  readonly model: string;
  /** Tells apart the batches of several that send for the same model; absent: there is only one. */
  readonly sender?: string;
  /** Requests of both versions in a minute of the fast clock. */
  readonly requestsPerLook: number;
  /** How often in a look they are sent; absent: 6 times. */
  readonly batchesPerLook?: number;
  /** How many outcomes come of a request; absent: one of every five requests. */
  readonly outcomesPerRequest?: number;
  /** The version that everybody else gets; undefined while there is none: then nobody asks. */
  readonly stableNow: () => string | undefined;
  readonly canaryNow: () => string | undefined;
  /** The share of the requests that the canary gets, 0 to 1. */
  readonly weightNow: () => number;
  /** What the version is like that is the canary; whoever never was one is the champion. */
  readonly characterOf: (version: string) => Character;
}

/**
 * Plays the users and the outcomes of a model with two versions: requests at a steady rate of the fast clock, shared
 * out as the router says at that moment, answered as really trained models did. Every batch holds whole slices of a
 * look, both versions together, and is sent as soon as the slice is over; none is lost, and none counted twice.
 */
export class CanaryTraffic {
  readonly #options: CanaryTrafficOptions;
  readonly #sliceMs: number;
  readonly #sender: PersistentSender;
  readonly #draw: Draw;
  readonly #routing: EvenShare;
  readonly #players = new Map<string, VersionPlayer>();
  readonly #counted = new Map<string, VersionTally>();
  #nextSliceMs: number | undefined;
  #dueRequests = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CanaryTrafficOptions) {
    const { namespace, model, url, token, batchesPerLook = 6 } = options;
    this.#options = options;
    this.#sliceMs = lookMs / batchesPerLook;
    this.#sender = new PersistentSender(url, token);
    this.#draw = new Draw(`${namespace}/${model}`);
    this.#routing = new EvenShare(this.#draw.uniform());
  }

  /** Begins with the next slice of a look. */
  start(): void {
    this.#nextSliceMs = Math.ceil(this.#options.clock.nowMs() / this.#sliceMs) * this.#sliceMs;
    this.#waitForSlice(this.#nextSliceMs);
  }

  /** Begins no further slice, and waits until the service has acknowledged all before. */
  async finish(): Promise<SenderTally> {
    clearTimeout(this.#timer);
    return this.#sender.finish();
  }

  /** Ends without waiting for anything: for a test that has failed. */
  abandon(): void {
    clearTimeout(this.#timer);
    this.#sender.abandon();
  }

  /** A version has become another one, though its name is the same: it is asked for its character again. */
  forget(version: string): void {
    this.#players.delete(version);
  }

  /** What the service has acknowledged, by version. */
  get counted(): ReadonlyMap<string, Readonly<VersionTally>> {
    return this.#counted;
  }

  /** What became of the batches so far. */
  get tally(): SenderTally {
    return this.#sender.tally;
  }

  /** How many batches the service has yet to acknowledge. */
  get waiting(): number {
    return this.#sender.waiting;
  }

  #waitForSlice(startMs: number): void {
    const { clock } = this.#options;
    const leftMs = clock.realMs(startMs + this.#sliceMs - clock.nowMs());
    this.#timer = setTimeout(() => {
      let nextMs = startMs;
      // Several where the process had something else to do.
      for (; nextMs + this.#sliceMs <= clock.nowMs(); nextMs += this.#sliceMs) this.#play(nextMs);
      this.#waitForSlice(nextMs);
    }, Math.ceil(leftMs));
  }

  #play(startMs: number): void {
    const {
      namespace,
      model,
      sender = 'users',
      requestsPerLook,
      stableNow,
      canaryNow,
      weightNow,
      characterOf,
    } = this.#options;
    const stable = stableNow();
    if (stable === undefined) return;
    const canary = canaryNow();
    const weight = canary === undefined || canary === stable ? 0 : weightNow();
    const traffic = canary === undefined || canary === stable ? 1 : characterOf(canary).traffic;
    this.#dueRequests += (requestsPerLook * traffic * this.#sliceMs) / lookMs;
    const requests = Math.floor(this.#dueRequests);
    this.#dueRequests -= requests;
    if (requests === 0) return;
    const bodies = new SliceBodies(namespace, model);
    for (let index = 0; index < requests; index++) {
      const atMs = Math.floor(startMs + (index * this.#sliceMs) / requests);
      const isCanary = canary !== undefined && this.#routing.takes(weight);
      const version = isCanary ? canary : stable;
      bodies.add(version, atMs, this.#playerOf(version, isCanary).next(isCanary ? weight : 1));
    }
    for (const batch of bodies.batches(`${namespace}/${model}/${sender}/${startMs}`, this.#counted)) {
      this.#sender.add(batch);
    }
  }

  /** One that was the canary stays what it is when it has become the stable version. */
  #playerOf(version: string, isCanary: boolean): VersionPlayer {
    let player = this.#players.get(version);
    if (player === undefined) {
      const { characterOf, outcomesPerRequest = 0.2 } = this.#options;
      const character = isCanary ? characterOf(version) : champion;
      player = new VersionPlayer(character, outcomesPerRequest, this.#draw);
      this.#players.set(version, player);
    }
    return player;
  }
}
