import { z } from 'zod';
import { call } from '../service/call.js';
import type { LoopbackProcess } from './loopback-process.js';

export type MetricServerKind = 'prometheus' | 'victoria-metrics';

/** The samples of one series as a server keeps them, ascending in time. */
export interface RawSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])).default([]),
      }),
    ),
  }),
});

/** A running server with the Prometheus query API and a data folder of its own. */
export class MetricServer {
  readonly kind: MetricServerKind;
  readonly url: string;
  readonly process: LoopbackProcess;
  readonly #remove: () => Promise<void>;

  constructor(
    kind: MetricServerKind,
    url: string,
    process: LoopbackProcess,
    /** Removes what the server leaves behind. */
    remove: () => Promise<void>,
  ) {
    this.kind = kind;
    this.url = url;
    this.process = process;
    this.#remove = remove;
  }

  /** All samples of some series from one instant to another, both included; what marks an end (stale) is left out. */
  async rawSamples(selector: string, fromMs: number, toMs: number): Promise<readonly RawSeries[]> {
    // Whether the start of a range belongs to it differs between servers and versions: ask for more.
    const range = `${selector}[${toMs - fromMs + 1}ms]`;
    const body = new URLSearchParams({ query: range, time: String(toMs / 1000) }).toString();
    const { status, text } = await call(`${this.url}/api/v1/query`, {
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    if (status !== 200) throw new Error(`${this.kind} answered ${status} to ${range}: ${text.slice(0, 500)}`);
    return answerSchema.parse(JSON.parse(text)).data.result.map(({ metric, values }) => {
      const samples = values
        .map(([seconds, value]) => [Math.round(seconds * 1000), Number(value)] as const)
        .filter(([timeMs, value]) => timeMs >= fromMs && timeMs <= toMs && !Number.isNaN(value));
      return {
        labels: metric,
        timesMs: samples.map(([timeMs]) => timeMs),
        values: samples.map(([, value]) => value),
      };
    });
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await this.#remove();
  }
}
