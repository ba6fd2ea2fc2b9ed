import type { RolloutState } from '../machine/rollout-state.js';

/** How saving ended. */
export type Saved =
  | { readonly kind: 'saved' }
  /** Somebody else wrote since it was read (another leader, a person): read it again before anything is done. */
  | { readonly kind: 'conflict' }
  /** The rollout itself was deleted. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Where one rollout's state is kept: the status of its resource, a file, or memory. */
export interface RolloutStore {
  save(state: RolloutState, signal?: AbortSignal): Promise<Saved>;
}
