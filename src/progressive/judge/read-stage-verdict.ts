import { z } from 'zod';
import { verdicts } from '../../domain/verdict.js';
import type { StageAnswer } from '../driver/stage-judge.js';
import { stageVerdict } from '../machine/stage-verdict.js';
import type { VerdictRequest } from '../machine/verdict-request.js';

/** As much of a verdict document as driving reads: an answer without it moves nothing. */
const documentSchema = z.object({
  id: z.string().max(200),
  verdict: z.enum(verdicts),
  canary: z.string(),
  stable: z.string().nullable(),
  asOf: z.iso.datetime().nullable(),
  measurement: z.tuple([z.number().nullable(), z.enum(verdicts), z.string().max(1000)]),
  guardrails: z.array(z.object({ estimate: z.number().nullable() })),
  guarantee: z.union([z.literal('none'), z.looseObject({})]),
});

/** What a document says of the stage that was asked about. */
export function readStageVerdict(request: VerdictRequest, document: unknown): StageAnswer {
  const parsed = documentSchema.safeParse(document);
  return parsed.success
    ? { kind: 'verdict', verdict: stageVerdict(request, parsed.data) }
    : { kind: 'unavailable', reason: 'the answer is no verdict document' };
}
