import type { CountBatch, Ledger, RecordAnswer, RecordRequest, VersionOutcomes } from '../sources/index.js';

/** Is told what the ledger has counted. */
export interface CountListener {
  /** Whether it wants to be told; asked for each batch. */
  readonly isListening: boolean;
  /**
   * A batch is durable. Resolves soon and never fails.
   * @param joined the outcomes with an id that got their version by the batch; those without one are in it
   */
  counted(batch: CountBatch, joined: readonly VersionOutcomes[]): Promise<void>;
}

/** Records a batch and tells of it once it is durable; not of one that was recorded before. */
export async function recordAndTell(
  ledger: Pick<Ledger, 'record'>,
  batch: CountBatch,
  request: RecordRequest,
  listener: CountListener | undefined,
): Promise<RecordAnswer> {
  if (listener?.isListening !== true) return ledger.record(batch, request);
  const answer = await ledger.record(batch, { ...request, tellJoined: true });
  if (answer.kind === 'recorded') await listener.counted(batch, answer.joined ?? []);
  return answer;
}
