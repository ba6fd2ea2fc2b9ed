/** The words of a policy: which guardrails, with which thresholds, and how sure a verdict has to be. */

/** What every guardrail has, whatever its kind; the kinds add their thresholds. */
export interface GuardrailSettings {
  readonly name: string;
  readonly kind: string;
  /**
   * What an undecided guardrail does to the combined promote. `bounded`: it passes once something much worse is
   * excluded; not every kind has that. Neither ever covers missing data.
   */
  readonly ifUndecided: 'hold' | 'pass' | 'bounded';
  /** `auto`: left out of the combined verdict while nothing is measured; `true`: its absence holds. */
  readonly required: true | 'auto';
  /** What a proven breach does. */
  readonly onBreach: 'rollback' | 'hold';
  /** The guardrail may not roll back before the canary has had traffic for this long. */
  readonly minimumDurationSeconds: number;
}

/** Margins of the estimate beyond its threshold, in standard errors at the threshold (a z value). */
export interface GateMargin {
  readonly rollback: number;
  readonly promote: number;
}

export interface Policy {
  readonly name: string;
  /** `evidence`: verdicts only once they are proven; `threshold`: the table to the letter, no guarantee. */
  readonly mode: 'evidence' | 'threshold';
  /** Of promote; 1 - confidence is the false-promotion rate per guardrail. */
  readonly confidence: number;
  /** The rate of false rollbacks over all guardrails, all looks and all stages. */
  readonly falseRollback: number;
  /** Time with canary traffic that is counted but not judged, after the first traffic. */
  readonly warmUpSeconds: number;
  /** The same after each change of weight. */
  readonly warmUpAfterWeightSeconds: number;
  /** Without canary traffic for longer than this nothing is promoted. */
  readonly staleAfterSeconds: number;
  /** What an incident that hits both versions does. */
  readonly sharedIncident: 'hold' | 'rollback';
  /** How many looks a late fault is watched for. */
  readonly horizonLooks: number;
  readonly gateMargin: GateMargin;
  /** Threshold mode only: judge the looks of this last stretch instead of all since the canary started. */
  readonly windowSeconds?: number;
  readonly guardrails: readonly GuardrailSettings[];
}
