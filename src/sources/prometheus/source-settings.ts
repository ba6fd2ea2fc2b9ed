import type { FieldError } from '../../domain/errors.js';
import type { Result } from '../../domain/result.js';
import type { LookRules } from '../looks/look-rules.js';
import type { QueryServer } from './server/query.js';
import type { ModelQueries } from './signals/signal.js';

/** Whose rollbacks are meant, and between which instants. */
export interface RollbackQuery {
  readonly namespace: string;
  readonly model: string;
  readonly canary: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the Prometheus source works with. */
export interface PrometheusSourceParts {
  readonly rules: LookRules;
  /** How a model is read. */
  readonly queriesOf: (namespace: string, model: string) => Result<ModelQueries>;
  /** A server by its name in the config. */
  readonly server: (name: string) => QueryServer | undefined;
  /** The instants for which a canary was told to be rolled back, ascending: the source itself keeps nothing. */
  readonly rollbacks: (query: RollbackQuery) => Promise<readonly number[]>;
  /** Changes whenever something is written that may change a verdict on the model, but for the counts. */
  readonly changeMarker: (namespace: string, model: string) => Promise<string>;
  /** How long one fetch may take, whoever waits for it. */
  readonly fetchTimeoutMs: number;
  /** The clock of the service, milliseconds since the epoch; absent: that of the machine. */
  readonly now?: () => number;
}

/** What is wrong with a model's entry, in one sentence. */
export function describeProblems(errors: readonly FieldError[]): string {
  return errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
