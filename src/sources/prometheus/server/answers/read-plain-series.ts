import { readLabels } from './read-labels.js';
import { readSampleValue } from './sample-value.js';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const closeBrace = 0x7d;
const comma = 0x2c;
const quote = 0x22;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Beyond so many digits a number that is put together digit by digit may be off. */
const exactDigits = 15;

const labelsKey = '{"metric":';

/** Between the labels and the samples. Inside a text its quotes would have backslashes. */
const samplesKey = Buffer.from(',"values":[');

/** A series of numbers. */
export interface PlainSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
  readonly showsNoNumbers?: true;
}

/**
 * Reads `{"metric":{…},"values":[[1760000000,"12"],…]}`, written without spaces as servers write it, from its bytes: some three
 * times as fast as by way of JSON and its many small arrays, and that is most of the time that a large answer takes.
 *
 * @returns undefined for whatever looks different, which is to be read the long way
 */
export function readPlainSeries(element: Buffer): PlainSeries | undefined {
  const at = element.indexOf(samplesKey);
  if (at < 0) return undefined;
  const labels = readHead(element.toString('utf8', 0, at));
  if (labels === undefined) return undefined;
  const timesMs: number[] = [];
  const values: number[] = [];
  let lastMs = -Infinity;
  let isNumber = true;
  let showsNoNumbers = false;
  let index = at + samplesKey.length;
  while (element[index] === openBracket) {
    index += 1;
    // The time: seconds, and at most three decimals.
    const timeBegin = index;
    let timeMs = 0;
    let byte = element[index] ?? 0;
    while (byte >= zero && byte <= nine) {
      timeMs = timeMs * 10 + (byte - zero);
      index += 1;
      byte = element[index] ?? 0;
    }
    if (index === timeBegin || index - timeBegin > 11) return undefined;
    timeMs *= 1000;
    if (byte === dot) {
      let unit = 100;
      for (;;) {
        index += 1;
        byte = element[index] ?? 0;
        if (byte < zero || byte > nine) break;
        if (unit < 1) return undefined;
        timeMs += (byte - zero) * unit;
        unit /= 10;
      }
      if (unit === 100) return undefined;
    }
    if (byte !== comma || element[index + 1] !== quote || timeMs <= lastMs) return undefined;
    lastMs = timeMs;
    index += 2;
    // The value: a text, of digits alone as a rule.
    const valueBegin = index;
    let value = 0;
    byte = element[index] ?? 0;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      index += 1;
      byte = element[index] ?? 0;
    }
    if (byte !== quote || index === valueBegin || index - valueBegin > exactDigits) {
      index = element.indexOf(quote, valueBegin);
      if (index < 0) return undefined;
      const written = readSampleValue(element.toString('latin1', valueBegin, index));
      if (written === undefined) return undefined;
      value = written;
    }
    if (element[index + 1] !== closeBracket) return undefined;
    index += 2;
    if (Number.isNaN(value)) {
      showsNoNumbers ||= !isNumber;
      isNumber = false;
    } else {
      timesMs.push(timeMs);
      values.push(value);
      isNumber = true;
    }
    if (element[index] !== comma) break;
    index += 1;
    if (element[index] !== openBracket) return undefined;
  }
  const isWhole =
    element[index] === closeBracket && element[index + 1] === closeBrace && index + 2 === element.length;
  if (!isWhole) return undefined;
  return { labels, timesMs, values, ...(showsNoNumbers ? { showsNoNumbers } : {}) };
}

/** What stands before the samples: the labels and nothing else. */
function readHead(text: string): Readonly<Record<string, string>> | undefined {
  if (!text.startsWith(labelsKey)) return undefined;
  try {
    return readLabels(JSON.parse(text.slice(labelsKey.length)));
  } catch {
    return undefined;
  }
}
