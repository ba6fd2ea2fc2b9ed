import { z } from 'zod';

export const policiesDescription =
  'Policies by name. The built-in ones (`default`, `progressive`, `plain-loop`) exist without being written; one of the same name replaces it.';

/** Policies by name, each still as it was written: `parsePolicy` reads them, kind by kind of guardrail. */
export const policiesSection = z
  .record(z.string().min(1).max(253), z.unknown())
  .prefault({})
  .describe(policiesDescription);
