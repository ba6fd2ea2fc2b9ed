import type { VerdictDocument } from '../../../src/domain/verdict.js';
import type { CallAnswer } from '../../support/service/call.js';
import type { ServiceProcess } from '../../support/service/service-process.js';

/** The question of a canary that {@link sendCanary} sent. */
export const canaryQuestion = 'model=shop&canary=v2&stable=v1';

const minuteMs = 60_000;

/** Sends a healthy canary's last minutes, with those of the stable version beside them. */
export async function sendCanary(service: ServiceProcess, nowMs = Date.now(), minutes = 20): Promise<void> {
  const endMs = Math.floor(nowMs / minuteMs) * minuteMs;
  const lines: string[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    for (let index = 0; index < 100; index++) {
      const version = index < 20 ? 'v2' : 'v1';
      const at = new Date(endMs - minute * minuteMs + index * 500).toISOString();
      lines.push(
        JSON.stringify({ model: 'shop', version, at, latencyMs: 50, prediction: (index % 20) / 20 }),
      );
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

/** Asks for the verdict on the canary. */
export async function askVerdict(service: ServiceProcess, more = ''): Promise<VerdictDocument> {
  return documentOf(await service.call(`/v1/verdict?${canaryQuestion}${more}`));
}
