import type { Observations } from '../domain/observations.js';

/** Which canary's observations are wanted, and up to when. */
export interface ObservationQuery {
  readonly namespace: string;
  readonly model: string;
  readonly canary: string;
  /** Absent: the model has no stable version to compare with (or the caller did not name it). */
  readonly stable?: string;
  /** The instant the verdict is for, milliseconds since the epoch. Only looks that are settled by then count. */
  readonly asOfMs: number;
  /** That instant is now: a source that has later minutes than the clock holds back. */
  readonly isNow?: boolean;
  /** Nothing before this instant is to be judged. */
  readonly sinceMs?: number;
}

/** What a source answers. Expected failures are answers, so that the caller can hold with the reason. */
export type ObservationAnswer =
  | {
      readonly kind: 'observations';
      readonly observations: Observations;
      /** How the counts were read (resolved queries, gaps found): never judged. */
      readonly details: Readonly<Record<string, unknown>>;
      /** Whether every verdict is to show the details. */
      readonly isTold?: boolean;
    }
  | { readonly kind: 'unknown-model'; readonly known: readonly string[] }
  | { readonly kind: 'unknown-version'; readonly version: string; readonly known: readonly string[] }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'partial'; readonly reason: string };

/** Where observations come from. A source never throws for what can be expected of a network or a disk. */
export interface ObservationSource {
  /** `ledger`, `prometheus`, …: as the config names it. */
  readonly name: string;
  /** Whether it waits for others most of the time, rather than working itself. */
  readonly isRemote: boolean;
  observe(query: ObservationQuery, signal?: AbortSignal): Promise<ObservationAnswer>;
  /** The first minute, counted since the epoch, that is not yet in what {@link observe} would answer. Asks nobody. */
  newestLook(query: ObservationQuery): number;
  /**
   * A text that changes whenever something is written that may change a verdict on this model: an answer kept together
   * with it and the newest look is valid while both are the same.
   */
  changeMarker(namespace: string, model: string): Promise<string>;
}
