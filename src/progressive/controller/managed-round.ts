import type { Round } from '../driver/rollout-driver.js';

/** How a round of a ModelRollout ended. */
export type ManagedRound =
  | Exclude<Round, { readonly kind: 'unavailable' }>
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      /** The API server does not want to be asked sooner. */
      readonly retryAfterMs?: number | undefined;
    };
