import { readRecord } from '../line-fields.js';

/**
 * The binary extension of the Open Inference Protocol: a JSON object, and behind it the bytes of the tensors, whose
 * sizes the object tells (`parameters.binary_data_size`). Where the object ends stands in a header that payload loggers
 * do not pass on, so its closing brace is looked for.
 * @returns the object with the data of the tensors in it, or undefined where the bytes are something else
 */
export function readBinaryTensors(bytes: Buffer): unknown {
  const end = endOfObject(bytes);
  if (end === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8', 0, end));
  } catch {
    return undefined;
  }
  const record = readRecord(value);
  const outputs = record?.['outputs'];
  if (!Array.isArray(outputs)) return undefined;
  let at = end;
  const read: unknown[] = [];
  for (const output of outputs as readonly unknown[]) {
    const fields = readRecord(output);
    const size = readRecord(fields?.['parameters'])?.['binary_data_size'];
    if (size === undefined) {
      read.push(output);
      continue;
    }
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || at + size > bytes.length) {
      return undefined;
    }
    read.push({ ...fields, data: readTensor(fields?.['datatype'], bytes.subarray(at, at + size)) });
    at += size;
  }
  return at === bytes.length ? { ...record, outputs: read } : undefined;
}

const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d];

/** Where the JSON object that the bytes begin with ends. */
function endOfObject(bytes: Buffer): number | undefined {
  if (bytes[0] !== open) return undefined;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === backslash) at++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === open) depth++;
    else if (byte === close && --depth === 0) return at + 1;
  }
  return undefined;
}

type ReadElement = (bytes: Buffer, at: number) => number | boolean;

/** Bytes of one element, and how it is read, by the protocol's name of the type; all are little-endian. */
const elements: ReadonlyMap<unknown, readonly [width: number, read: ReadElement]> = new Map<
  unknown,
  readonly [number, ReadElement]
>([
  ['BOOL', [1, (bytes, at) => bytes[at] !== 0]],
  ['UINT8', [1, (bytes, at) => bytes.readUInt8(at)]],
  ['UINT16', [2, (bytes, at) => bytes.readUInt16LE(at)]],
  ['UINT32', [4, (bytes, at) => bytes.readUInt32LE(at)]],
  ['UINT64', [8, (bytes, at) => Number(bytes.readBigUInt64LE(at))]],
  ['INT8', [1, (bytes, at) => bytes.readInt8(at)]],
  ['INT16', [2, (bytes, at) => bytes.readInt16LE(at)]],
  ['INT32', [4, (bytes, at) => bytes.readInt32LE(at)]],
  ['INT64', [8, (bytes, at) => Number(bytes.readBigInt64LE(at))]],
  ['FP32', [4, (bytes, at) => bytes.readFloatLE(at)]],
  ['FP64', [8, (bytes, at) => bytes.readDoubleLE(at)]],
]);

/** The elements of a tensor; undefined for a type that is not known, or a size that does not fit. */
function readTensor(datatype: unknown, bytes: Buffer): readonly unknown[] | undefined {
  if (datatype === 'BYTES') return readTexts(bytes);
  const element = elements.get(datatype);
  if (element === undefined) return undefined;
  const [width, read] = element;
  if (bytes.length % width !== 0) return undefined;
  return Array.from({ length: bytes.length / width }, (_, index) => read(bytes, index * width));
}

/** Texts, each behind its length in four bytes. */
function readTexts(bytes: Buffer): readonly string[] | undefined {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) return undefined;
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}
