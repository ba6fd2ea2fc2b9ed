import { z } from 'zod';
import { millisecondsField, quantileField } from '../../domain/fields.js';
import { commonGuardrailFields, commonSettings } from '../../domain/guardrail-fields.js';
import type { GuardrailSettings } from '../../domain/policy.js';
import type { Interpolation } from '../../statistics/bucket-quantile.js';

/** A quantile of the canary's request time, against fixed limits. */
export interface LatencyQuantileSettings extends GuardrailSettings {
  readonly kind: 'latency-quantile';
  readonly quantile: number;
  /** Milliseconds. */
  readonly promoteBelow: number;
  /** Milliseconds. */
  readonly rollbackAbove: number;
  readonly interpolation: Interpolation;
}

export const latencyQuantileSchema = z
  .strictObject({
    ...commonGuardrailFields,
    kind: z.literal('latency-quantile'),
    quantile: quantileField()
      .default(0.99)
      .describe('which quantile: 0.99 is the time that 99 % of the requests stay below'),
    promoteBelow: millisecondsField().describe('promote below this request time'),
    rollbackAbove: millisecondsField().describe('roll back above this request time'),
    interpolation: z
      .enum(['exponential', 'linear'])
      .default('exponential')
      .describe('inside a bucket; linear is histogram_quantile to the letter'),
  })
  .transform((fields): LatencyQuantileSettings => ({
    ...commonSettings(fields),
    kind: fields.kind,
    quantile: fields.quantile,
    promoteBelow: fields.promoteBelow,
    rollbackAbove: fields.rollbackAbove,
    interpolation: fields.interpolation,
  }));
