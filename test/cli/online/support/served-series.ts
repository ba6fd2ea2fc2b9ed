import type { ServerResponse } from 'node:http';
import type { QuerySeries } from '../../../../src/sources/index.js';
import {
  FakeServer,
  sendJson,
  type SeenRequest,
} from '../../../sources/prometheus/server/support/fake-server.js';
import { SimulatedServer, type ScrapedSeries } from '../../../sources/prometheus/support/simulated-server.js';

/** A server with the Prometheus query API over HTTP, which has some series in memory. */
export class ServedSeries {
  readonly simulated: SimulatedServer;
  readonly http: FakeServer;

  private constructor(simulated: SimulatedServer, http: FakeServer) {
    this.simulated = simulated;
    this.http = http;
  }

  static async start(series: readonly ScrapedSeries[]): Promise<ServedSeries> {
    const simulated = new SimulatedServer(series);
    const http = await FakeServer.start((request, response) => answer(simulated, request, response));
    return new ServedSeries(simulated, http);
  }

  get url(): string {
    return this.http.url();
  }

  stop(): Promise<void> {
    return this.http.stop();
  }
}

async function answer(
  simulated: SimulatedServer,
  { url, form }: SeenRequest,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(url, 'http://localhost').pathname;
  const milliseconds = (name: string) => Math.round(Number(form.get(name)) * 1000);
  if (path === '/api/v1/status/buildinfo') {
    sendJson(response, { status: 'success', data: { version: '2.42.0' } });
    return;
  }
  if (path === '/api/v1/series') {
    const [startMs, endMs] = [milliseconds('start'), milliseconds('end')];
    const expression = `${form.get('match[]') ?? ''}[${(endMs - startMs) / 1000}s]`;
    const found = await simulated.query({ kind: 'instant', expression, atMs: endMs });
    const series = found.kind === 'series' ? found.series : [];
    sendJson(response, { status: 'success', data: series.map(({ labels }) => labels) });
    return;
  }
  const expression = form.get('query') ?? '';
  if (expression === 'vector(1)') {
    sendJson(response, vector([{ labels: {}, timesMs: [milliseconds('time')], values: [1] }]));
    return;
  }
  const isRange = path.endsWith('/query_range');
  const answered = await simulated.query(
    isRange
      ? {
          kind: 'range',
          expression,
          startMs: milliseconds('start'),
          endMs: milliseconds('end'),
          stepMs: milliseconds('step'),
        }
      : { kind: 'instant', expression, atMs: milliseconds('time') },
  );
  if (answered.kind !== 'series') {
    sendJson(response, { status: 'error', errorType: 'execution', error: answered.reason }, 503);
    return;
  }
  const isMatrix = isRange || expression.endsWith(']');
  sendJson(response, isMatrix ? matrix(answered.series) : vector(answered.series));
}

function vector(series: readonly QuerySeries[]): object {
  const result = series.map(({ labels, timesMs, values }) => ({
    metric: labels,
    value: [(timesMs[0] ?? 0) / 1000, textOf(values[0])],
  }));
  return { status: 'success', data: { resultType: 'vector', result } };
}

function matrix(series: readonly QuerySeries[]): object {
  const result = series.map(({ labels, timesMs, values }) => ({
    metric: labels,
    values: timesMs.map((timeMs, index) => [timeMs / 1000, textOf(values[index])]),
  }));
  return { status: 'success', data: { resultType: 'matrix', result } };
}

/** A sample as servers write it; these have no native histograms. */
function textOf(value: QuerySeries['values'][number] | undefined): string {
  return typeof value === 'number' ? String(value) : 'NaN';
}
