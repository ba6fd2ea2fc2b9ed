import { readRecord } from '../line-fields.js';

/** What a body says of each instance that was asked about, before single values are picked. */
export interface Instances {
  readonly values: readonly unknown[];
  /** The names of the columns, where an instance is a row of several values. */
  readonly columns?: readonly unknown[];
}

/**
 * The instances of an answer in one of the protocols' forms, or undefined for a body of another form.
 * @param output the name of the tensor that is wanted, in protocols that name tensors; absent: the first one
 */
export function instancesOf(body: unknown, output: string | undefined): Instances | undefined {
  if (Array.isArray(body)) return { values: body as readonly unknown[] };
  if (typeof body === 'number' || typeof body === 'string') return { values: [body] };
  const fields = readRecord(body);
  if (fields === undefined) return undefined;
  const { predictions, outputs } = fields;
  if (Array.isArray(predictions)) return { values: predictions as readonly unknown[] };
  if (Array.isArray(outputs)) return ofTensors(outputs as readonly unknown[], output);
  return ofSeldon(fields, output);
}

/** Open Inference Protocol: named tensors, whose first dimension is the instances. */
function ofTensors(outputs: readonly unknown[], output: string | undefined): Instances | undefined {
  for (const candidate of outputs) {
    const tensor = readRecord(candidate);
    if (tensor === undefined || !Array.isArray(tensor['data'])) continue;
    if (output !== undefined && tensor['name'] !== output) continue;
    return rowsOf(tensor['shape'], tensor['data'] as readonly unknown[]);
  }
  return undefined;
}

/** The protocol of Seldon Core 1. */
function ofSeldon(
  fields: Readonly<Record<string, unknown>>,
  output: string | undefined,
): Instances | undefined {
  const { data, strData, jsonData } = fields;
  if (typeof strData === 'string') return { values: [strData] };
  if (jsonData !== undefined && jsonData !== null) {
    // Whatever the model made of it; one level, so that nothing can send us around in circles.
    const inner = readRecord(jsonData);
    return inner?.['jsonData'] === undefined ? instancesOf(jsonData, output) : undefined;
  }
  const table = readRecord(data);
  if (table === undefined) return undefined;
  const columns = Array.isArray(table['names']) ? { columns: table['names'] as readonly unknown[] } : {};
  if (Array.isArray(table['ndarray'])) return { values: table['ndarray'] as readonly unknown[], ...columns };
  const tensor = readRecord(table['tensor']);
  if (tensor === undefined || !Array.isArray(tensor['values'])) return undefined;
  const rows = rowsOf(tensor['shape'], tensor['values'] as readonly unknown[]);
  return rows === undefined ? undefined : { ...rows, ...columns };
}

/** Cuts flat data into the rows that a shape says; nested data has them already. */
function rowsOf(shape: unknown, data: readonly unknown[]): Instances | undefined {
  const dimensions: readonly unknown[] = Array.isArray(shape) ? (shape as readonly unknown[]) : [];
  const [count] = dimensions;
  if (dimensions.length < 2 || data.some(Array.isArray)) return { values: data };
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || data.length % count !== 0) {
    return undefined;
  }
  const width = data.length / count;
  if (width === 1) return { values: data };
  return {
    values: Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width)),
  };
}
