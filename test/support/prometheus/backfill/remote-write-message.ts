import type { NativeSample } from '../exposure.js';
import { staleMark, type WrittenSample, type WrittenSeries } from '../simulation/sample-book.js';
import { MessageWriter } from './message-writer.js';

/** The NaN by which Prometheus marks that a series has ended; other NaNs are values. */
const staleBits = 0x7ff0000000000002n;

/** A `WriteRequest` of Prometheus's remote write protocol, version 1. */
export function remoteWriteMessage(series: readonly WrittenSeries[]): Buffer {
  const message = new MessageWriter();
  for (const one of series) message.bytes(1, timeSeries(one));
  return message.finish();
}

function timeSeries({ labels, samples }: WrittenSeries): Buffer {
  const message = new MessageWriter();
  for (const [name, value] of Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1))) {
    message.bytes(1, new MessageWriter().bytes(1, name).bytes(2, value).finish());
  }
  const isNative = samples.some(({ value }) => typeof value === 'object');
  for (const sample of samples) {
    if (isNative) message.bytes(4, histogram(sample));
    else message.bytes(2, plain(sample));
  }
  return message.finish();
}

function plain({ timeMs, value }: WrittenSample): Buffer {
  if (typeof value === 'object') throw new TypeError('a series has either numbers or histograms');
  return new MessageWriter()
    .double(1, value === staleMark ? staleBits : value)
    .integer(2, timeMs)
    .finish();
}

function histogram({ timeMs, value }: WrittenSample): Buffer {
  if (typeof value === 'number') throw new TypeError('a series has either numbers or histograms');
  const message = new MessageWriter();
  if (value === staleMark) message.integer(1, 0).double(3, staleBits).integer(15, timeMs);
  else nativeHistogram(message, value).integer(15, timeMs);
  return message.finish();
}

function nativeHistogram(
  message: MessageWriter,
  { schema, count, sum, buckets }: NativeSample,
): MessageWriter {
  message.integer(1, count).double(3, sum).signed(4, schema).double(5, 1e-128).integer(6, 0);
  let previousEnd: number | undefined;
  for (const [start, length] of runs(buckets.map(([index]) => index))) {
    // The first span begins at a bucket, each further one so many empty buckets after the one before.
    const offset = previousEnd === undefined ? start : start - previousEnd;
    message.bytes(11, new MessageWriter().signed(1, offset).integer(2, length).finish());
    previousEnd = start + length;
  }
  const counts = buckets.map(([, inBucket]) => inBucket);
  return message.packedSigned(
    12,
    counts.map((inBucket, index) => inBucket - (counts[index - 1] ?? 0)),
  );
}

/** Start and length of every run of numbers that follow each other. */
function runs(indices: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const index of indices) {
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === index) last[1] += 1;
    else found.push([index, 1]);
  }
  return found;
}
