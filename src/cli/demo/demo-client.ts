import { VerdictError } from '../../domain/errors.js';
import type { VerdictDocument } from '../../domain/verdict.js';
import { demoModel, stableVersion, type LookTraffic } from './traffic.js';

interface IngestAnswer {
  readonly accepted: number;
  readonly refused: readonly unknown[];
}

/** Talks to the service over HTTP, as an application and as Argo Rollouts would. */
export class DemoClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends what was served in a look. Fails when a line is refused or the service does not take it. */
  async send(traffic: LookTraffic): Promise<void> {
    await this.#ingest('/v1/predictions', traffic.predictions);
    await this.#ingest('/v1/outcomes', traffic.outcomes);
  }

  /** Asks for the combined verdict; every argument is a string, as Argo sends them. */
  async verdict(args: Readonly<Record<string, string>>): Promise<VerdictDocument> {
    const body = JSON.stringify({
      model: demoModel,
      stable: stableVersion,
      guardrail: '',
      namespace: '',
      ...args,
    });
    const response = await fetch(`${this.#url}/v1/verdict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!response.ok) throw new VerdictError('unavailable', `/v1/verdict answered ${response.status}`);
    return (await response.json()) as VerdictDocument;
  }

  async #ingest(route: string, lines: string): Promise<void> {
    const response = await fetch(`${this.#url}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines,
    });
    if (!response.ok) throw new VerdictError('unavailable', `${route} answered ${response.status}`);
    const answer = (await response.json()) as IngestAnswer;
    if (answer.refused.length > 0) {
      throw new VerdictError(
        'unavailable',
        `${route} refused ${answer.refused.length} lines of the recording`,
      );
    }
  }
}
