import type { VerdictDocument } from '../../../src/domain/verdict.js';
import type { CallAnswer } from '../../support/service/call.js';
import type { ServiceProcess } from '../../support/service/service-process.js';

/** The model whose canary is asked about where nothing else is said. */
export const canaryModel = 'shop';

const minuteMs = 60_000;

/** What a canary did, and the stable version beside it, up to the last whole minute. */
export interface CanaryTraffic {
  readonly model?: string;
  readonly minutes?: number;
  /** Requests a minute, of which the canary gets a fifth. */
  readonly perMinute?: number;
  /** In how many of the last minutes the canary fails at every other request. */
  readonly failingMinutes?: number;
}

/** Sends a canary's past to the service: a healthy one unless told otherwise. */
export async function sendCanary(
  service: ServiceProcess,
  { model = canaryModel, minutes = 20, perMinute = 100, failingMinutes = 0 }: CanaryTraffic = {},
): Promise<void> {
  const endMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  const lines: string[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    for (let index = 0; index < perMinute; index++) {
      const version = index % 5 === 0 ? 'v2' : 'v1';
      const error = version === 'v2' && minute <= failingMinutes && index % 10 === 0;
      const at = new Date(endMs - minute * minuteMs + (index * minuteMs) / perMinute).toISOString();
      const prediction = ((index * 7) % 20) / 20;
      lines.push(JSON.stringify({ model, version, at, latencyMs: 50, error, prediction }));
    }
  }
  const answer = await service.call('/v1/predictions', { body: lines.join('\n') });
  if (answer.status !== 200) throw new Error(`the canary's traffic was answered with ${answer.status}`);
}

/** The document of a verdict's answer. */
export function documentOf({ status, text }: CallAnswer): VerdictDocument {
  if (status !== 200) throw new Error(`a verdict was answered with ${status}: ${text}`);
  return JSON.parse(text) as VerdictDocument;
}

/** The path of the question of a canary that {@link sendCanary} sent; `step` makes it another question. */
export function verdictPath(step = '', model = canaryModel): string {
  return `/v1/verdict?model=${model}&canary=v2&stable=v1&step=${step}`;
}

/** Asks for the verdict on the canary. */
export async function askVerdict(
  service: ServiceProcess,
  step = '',
  model = canaryModel,
): Promise<VerdictDocument> {
  return documentOf(await service.call(verdictPath(step, model)));
}
