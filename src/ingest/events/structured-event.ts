import { readRecord, type LineProblem } from '../line-fields.js';

/** An event in structured mode: one JSON object with the attributes and, in `data`, the payload. */
export interface StructuredEvent {
  readonly attribute: (name: string) => unknown;
  readonly payload: Uint8Array;
}

/**
 * Reads an event in structured mode, or says why it is none. The library is loaded at the first one: payload loggers
 * send binary mode, and loading it takes longer than starting the service.
 */
export async function readStructuredEvent(bytes: Uint8Array): Promise<StructuredEvent | LineProblem> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return { field: '', reason: 'expected an event as a JSON object, got something that is not JSON' };
  }
  const record = readRecord(value);
  if (record === undefined) return { field: '', reason: 'expected an event as one JSON object' };
  // The library makes up what is missing of these.
  for (const name of ['specversion', 'id', 'type', 'source']) {
    if (typeof record[name] !== 'string' || record[name] === '') {
      return { field: name, reason: `expected the attribute ${name} of CloudEvents 1.0, a text` };
    }
  }
  const { CloudEvent, ValidationError } = await import('cloudevents');
  try {
    const event = new CloudEvent(record);
    return { attribute: (name) => event[name], payload: payloadOf(event.data) };
  } catch (error) {
    if (!(error instanceof ValidationError || error instanceof Error)) throw error;
    return { field: '', reason: 'expected an event as CloudEvents 1.0 defines it' };
  }
}

function payloadOf(data: unknown): Uint8Array {
  if (data === undefined) return new Uint8Array();
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(JSON.stringify(data));
}
