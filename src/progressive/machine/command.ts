/**
 * What a person asks of a running rollout. `promote` goes to the next stage, or with `full` to the end, without waiting
 * for a verdict. Each command is obeyed once: the state remembers the ids that are still given.
 */
export interface Command {
  /** Unique among the commands of a rollout. */
  readonly id: string;
  readonly kind: 'pause' | 'resume' | 'promote' | 'abort';
  /** Of promote: to 100 % at once. */
  readonly full: boolean;
  /** Who asked, for the history. */
  readonly by: string;
}
