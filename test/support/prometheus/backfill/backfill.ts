import { call } from '../../service/call.js';
import type { MetricServer } from '../metric-server.js';
import type { WrittenSeries } from '../simulation/sample-book.js';
import { remoteWriteMessage } from './remote-write-message.js';
import { snappyFrame } from './snappy-frame.js';

/** Prometheus takes nothing that is much older than its newest sample: all series go forward together. */
const sliceMs = 10 * 60_000;

/** So that no request is larger than a server takes. */
const samplesPerRequest = 20_000;

/**
 * Writes series into a server by remote write, with their marks of staleness and their native histograms (VictoriaMetrics
 * drops the latter), and resolves once they can be read. What a server has already may not be newer.
 */
export async function backfill(server: MetricServer, series: readonly WrittenSeries[]): Promise<void> {
  for (const request of inRequests(series)) {
    const { status, text } = await call(`${server.url}/api/v1/write`, {
      body: snappyFrame(remoteWriteMessage(request)),
      headers: {
        'Content-Type': 'application/x-protobuf',
        'Content-Encoding': 'snappy',
        'X-Prometheus-Remote-Write-Version': '0.1.0',
      },
    });
    if (status >= 300) throw new Error(`${server.kind} refused samples: ${status} ${text.slice(0, 500)}`);
  }
  if (server.kind === 'victoria-metrics') await call(`${server.url}/internal/force_flush`);
}

function* inRequests(series: readonly WrittenSeries[]): Generator<readonly WrittenSeries[]> {
  const times = series.flatMap(({ samples }) => [
    samples[0]?.timeMs ?? Infinity,
    samples.at(-1)?.timeMs ?? -Infinity,
  ]);
  const lastMs = times.reduce((last, timeMs) => Math.max(last, timeMs), -Infinity);
  const firstMs = times.reduce((first, timeMs) => Math.min(first, timeMs), Infinity);
  const places = new Array<number>(series.length).fill(0);
  for (let endMs = firstMs + sliceMs; endMs <= lastMs + sliceMs; endMs += sliceMs) {
    let request: WrittenSeries[] = [];
    let size = 0;
    for (const [index, { labels, samples }] of series.entries()) {
      const from = places[index] ?? 0;
      let to = from;
      while ((samples[to]?.timeMs ?? Infinity) < endMs) to++;
      places[index] = to;
      if (to === from) continue;
      request.push({ labels, samples: samples.slice(from, to) });
      size += to - from;
      if (size < samplesPerRequest) continue;
      yield request;
      request = [];
      size = 0;
    }
    if (size > 0) yield request;
  }
}
