import type { z } from 'zod';
import type { observationsFileSchema } from '../../../src/domain/observations-file.js';
import { formatInstant } from '../../../src/domain/units.js';
import { minuteSpan } from '../../support/simulation/minute-span.js';

/** An observations file as it is written. */
export type ObservationsFile = z.input<typeof observationsFileSchema>;

type FileLook = ObservationsFile['looks'][number];

/** The counts of one version in one look, as a file has them. */
export type FileArm = NonNullable<FileLook['canary']>;

/** One look of a file before it has a time. */
export type ExampleLook = Pick<FileLook, 'weight' | 'canary' | 'stable'>;

/** One-minute looks from 10:00 on, of a canary v2 beside v1, and optionally looks of v1 alone before them. */
export function observationsFile(
  model: string,
  looks: readonly ExampleLook[],
  before: readonly FileArm[] = [],
): ObservationsFile {
  const span = (index: number) => {
    const { startMs, endMs } = minuteSpan(index);
    return { start: formatInstant(startMs), end: formatInstant(endMs) };
  };
  return {
    schema: 'ml-verdict/observations/v1',
    model,
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    ...(before.length === 0
      ? {}
      : { before: { looks: before.map((stable, index) => ({ ...span(index - before.length), stable })) } }),
    looks: looks.map((look, index) => ({ ...span(index), ...look })),
  };
}
