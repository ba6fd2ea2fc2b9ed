/** How the stand-in for Knative behaves towards one InferenceService. Times are real milliseconds. */
export interface KnativeBehaviour {
  /** How long a new revision takes until it serves; absent: as good as none. `never`: nobody knows why. */
  readonly readyAfterMs?: number | 'never';
  /** Why a new revision will never serve: its model cannot be loaded. */
  readonly loadFailure?: string;
  /** By so long the route is told before the new revision is: two of Knative's controllers in an unlucky order. */
  readonly routeFirstMs?: number;
  /** Over so long traffic goes from one revision to the next: `rollout-duration`. */
  readonly rolloutMs?: number;
  /** Does and tells nothing. */
  readonly isSilent?: boolean;
}
