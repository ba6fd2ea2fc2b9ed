import { z } from 'zod';
import { nameField, numberField, wholeNumberField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import { defaultSeries } from '../../domain/observations.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import { sum } from '../../statistics/sums.js';

/** A histogram that does not change: of the training set, of last month. Counts, or shares that sum to 1. */
export type ReferenceHistogram =
  | { readonly edges: readonly number[]; readonly counts: readonly number[] }
  | { readonly labels: readonly string[]; readonly counts: readonly number[] };

/** PSI of the canary's prediction histogram against the stable version's of the same time, or a fixed one. */
export interface PredictionDriftSettings extends GuardrailSettings {
  readonly kind: 'prediction-drift';
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
  readonly bins: number;
  readonly reference: 'stable' | ReferenceHistogram;
  readonly output: string;
}

/** How many predictions stand behind a reference that is given as shares. */
export const assumedReferenceTotal = 10_000;

const referenceCounts = z
  .array(z.number().nonnegative())
  .describe('one entry more than there are edges or labels; or shares that sum to 1');

const ascending = (edges: readonly number[]) =>
  edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge));

const referenceField = z.union(
  [
    z.literal('stable'),
    z
      .strictObject({ edges: z.array(z.number()).min(1), counts: referenceCounts })
      .refine(({ edges }) => ascending(edges), { error: 'edges in ascending order', path: ['edges'] })
      .refine(({ edges, counts }) => counts.length === edges.length + 1, {
        error: 'one entry more than there are edges',
        path: ['counts'],
      })
      .refine(({ counts }) => sum(counts) > 0, { error: 'counts above 0', path: ['counts'] }),
    z
      .strictObject({ labels: z.array(z.string()).min(1), counts: referenceCounts })
      .refine(({ labels }) => new Set(labels).size === labels.length, {
        error: 'every label once',
        path: ['labels'],
      })
      .refine(({ labels, counts }) => counts.length === labels.length + 1, {
        error: 'one entry more than there are labels, the last for all others',
        path: ['counts'],
      })
      .refine(({ counts }) => sum(counts) > 0, { error: 'counts above 0', path: ['counts'] }),
  ],
  { error: '"stable", or a histogram: edges or labels, and counts' },
);

export const driftSchema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('prediction-drift'),
    promoteBelow: numberField({ min: 0, open: true }, 'a PSI above 0 such as 0.1').describe(
      'promote below this PSI',
    ),
    rollbackAbove: numberField({ min: 0, open: true }, 'a PSI above 0 such as 0.2').describe(
      'roll back above this PSI',
    ),
    bins: wholeNumberField({ min: 2, max: 100 }, 'a whole number from 2 to 100')
      .default(10)
      .describe('how many bins the histogram is merged into'),
    reference: referenceField
      .default('stable')
      .describe(
        'what the canary is compared with: the stable version of the same time, or a fixed histogram (then a change of the traffic itself is drift too)',
      ),
    output: nameField()
      .default(defaultSeries)
      .describe('which prediction output, where the model has several'),
  })
  .transform((fields): PredictionDriftSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
    bins: fields.bins,
    reference: fields.reference,
    output: fields.output,
  }));
