import { Agent } from 'node:http';
import { processorSeconds } from '../../support/service/process-figures.js';
import type { ServiceProcess } from '../../support/service/service-process.js';
import { predictionBody } from './model-lines.js';

/** How fast predictions are taken. */
export interface IngestRate {
  readonly perSecond: number;
  /** By the processor time of the service alone. */
  readonly perProcessorSecond: number;
}

export const batchLines = 1000;
const senders = 4;
const seconds = 3;
/** With ids every body has to be another one; these are made before the clock runs. */
const bodiesWithIds = 150;

/** Sends batches over a few connections for a few seconds, or until all bodies are sent. */
export async function ingestRate(service: ServiceProcess, withIds: boolean): Promise<IngestRate> {
  const agent = new Agent({ keepAlive: true });
  const shape = (index: number) => ({
    model: `ingest-${index % 2}`,
    lines: batchLines,
    seed: `ingest/${index % 5}`,
  });
  const bodies = Array.from({ length: withIds ? bodiesWithIds : 5 }, (_, index) =>
    predictionBody({
      ...shape(index),
      ...(withIds ? { id: (line: number) => `request-${index}-${line}` } : {}),
    }),
  );
  const send = async (body: string): Promise<void> => {
    const { status, text } = await service.call('/v1/predictions', { agent, body });
    if (status !== 200) throw new Error(`a batch was answered with ${status}: ${text.slice(0, 200)}`);
  };
  for (let round = 0; round < 10; round++)
    await send(predictionBody({ ...shape(round), seed: `warm/${round}` }));
  let sent = 0;
  const startMs = performance.now();
  const startProcessor = processorSeconds(service.pid);
  const sender = async (): Promise<void> => {
    while (performance.now() - startMs < seconds * 1000 && (!withIds || sent < bodies.length)) {
      await send(bodies[sent++ % bodies.length] ?? '');
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  const lines = sent * batchLines;
  const processor = processorSeconds(service.pid) - startProcessor;
  const wall = (performance.now() - startMs) / 1000;
  agent.destroy();
  return { perSecond: lines / wall, perProcessorSecond: lines / processor };
}
