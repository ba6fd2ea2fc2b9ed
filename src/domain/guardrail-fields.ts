import { z } from 'zod';
import { nameField, secondsField } from './fields.js';

/** The settings that every kind of guardrail has, as schema fields. */
export const commonGuardrailFields = {
  name: nameField().describe('unique within the policy; the word that people see'),
  ifUndecided: z
    .enum(['hold', 'pass'])
    .default('hold')
    .describe('what an undecided guardrail does to promote; pass never covers missing data'),
  required: z
    .union([z.literal(true), z.literal('auto'), z.literal('true').transform(() => true as const)], {
      error: 'true or "auto"',
    })
    .default(true)
    .describe('auto: left out of the combined verdict while neither version has data'),
  onBreach: z.enum(['rollback', 'hold']).default('rollback').describe('what a proven breach does'),
  minimumDuration: secondsField()
    .prefault('0s')
    .describe('no rollback before this long after the first traffic of the canary'),
};

/** The parsed common fields under the names that the judge uses. */
export function commonSettings(fields: {
  readonly name: string;
  readonly ifUndecided: 'hold' | 'pass' | 'bounded';
  readonly required: true | 'auto';
  readonly onBreach: 'rollback' | 'hold';
  readonly minimumDuration: number;
}) {
  const { name, ifUndecided, required, onBreach, minimumDuration } = fields;
  return { name, ifUndecided, required, onBreach, minimumDurationSeconds: minimumDuration };
}
