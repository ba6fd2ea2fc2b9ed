import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { GuardrailVerdict, SampleRatio, VerdictDocument } from '../../src/domain/verdict.js';

/** What the reference implementation says of one guardrail. */
export type ExpectedGuardrail = Pick<
  GuardrailVerdict,
  'name' | 'verdict' | 'literalVerdict' | 'reasonCode' | 'estimate' | 'interval' | 'samples'
> & {
  readonly evidence: Readonly<Record<keyof GuardrailVerdict['evidence'], number | null>>;
};

/** One simulated rollout and the reference implementation's answer. */
export interface ReferenceCase {
  readonly name: string;
  readonly policy: unknown;
  readonly observations: unknown;
  readonly options: {
    readonly confidence?: number;
    readonly asOf?: string;
    readonly guardrail?: string;
    readonly promoteWith?: 'self' | 'all';
    readonly weight?: number;
  };
  readonly expected: Pick<VerdictDocument, 'verdict' | 'literalVerdict' | 'stage' | 'looks'> & {
    readonly sampleRatio: SampleRatio | null;
    readonly guardrails: readonly ExpectedGuardrail[];
  };
}

/** All cases of `test/fixtures/judge-reference`. */
export function readReferenceCases(): readonly ReferenceCase[] {
  const file = new URL('../fixtures/judge-reference/cases.ndjson.gz', import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceCase);
}
