/** The closed list of what people are told, each with how urgent it is. */
export const alertSeverities = {
  started: 'info',
  'stage-reached': 'info',
  promoting: 'info',
  promoted: 'info',
  paused: 'warning',
  resumed: 'info',
  restarted: 'info',
  'command-ignored': 'info',
  'rolling-back': 'critical',
  'rolled-back': 'info',
  'rollback-refused': 'critical',
  'rollback-overdue': 'critical',
  'weight-after-rollback': 'critical',
  'target-unseen': 'warning',
  'target-seen': 'info',
  failed: 'warning',
} as const satisfies Readonly<Record<string, 'info' | 'warning' | 'critical'>>;

export type AlertKind = keyof typeof alertSeverities;

/** One thing to tell people. */
export interface Alert {
  /** Unique within the rollout, the same however often it is sent. */
  readonly key: string;
  readonly kind: AlertKind;
  readonly severity: 'info' | 'warning' | 'critical';
  /** One sentence with the reason. */
  readonly text: string;
  readonly atMs: number;
  /** The confirmed share of the canary then. */
  readonly percent: number;
  /** The verdict that it rests on; null: none. */
  readonly verdictId: string | null;
}
