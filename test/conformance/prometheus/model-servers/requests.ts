import type { ModelServerName } from './python-environments.js';
import type { SentKind } from './model-server.js';

/** A patient of the data set, rounded. */
const row = [
  ...[17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871],
  ...[1.095, 0.9053, 8.589, 153.4, 0.0064, 0.049, 0.0537, 0.0159, 0.03, 0.0062],
  ...[25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119, 0.2654, 0.4601, 0.1189],
];

const good = 300;
const bad = 12;

/** Good and bad requests, as `docs/guides` tells how each server counts them. */
export const sentKinds: Readonly<Record<ModelServerName, readonly SentKind[]>> = {
  mlserver: [
    infer('good', tensor(row), 200, good),
    infer('of the wrong width', tensor(row.slice(0, 3)), 500, bad),
    infer('with text', tensor(row.map(String), 'BYTES').replaceAll(/"\d[^"]*"/g, '"text"'), 500, bad),
    infer('with a missing value', tensor([null, ...row.slice(1)]), 500, bad),
    infer('that are no JSON', '{"inputs":', 422, bad),
    infer('for another model', tensor(row), 404, bad, 'nope'),
  ],
  kserve: [
    predict('good', { instances: [row] }, 200, good),
    predict('of the wrong width', { instances: [row.slice(0, 3)] }, 500, bad),
    predict('with text', { instances: [row.map(() => 'text')] }, 500, bad),
    predict('without a key', { rows: [row] }, 500, bad),
    predict('that are no JSON', '{"instances":', 400, bad),
    predict('for another model', { instances: [row] }, 404, bad, 'nope'),
  ],
};

function tensor(data: readonly unknown[], datatype = 'FP64'): string {
  return JSON.stringify({ inputs: [{ name: 'x', shape: [1, data.length], datatype, data }] });
}

function infer(title: string, body: string, status: number, times: number, model = 'bc'): SentKind {
  return { title, path: `/v2/models/${model}/infer`, body, status, times };
}

function predict(
  title: string,
  body: object | string,
  status: number,
  times: number,
  model = 'bc',
): SentKind {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { title, path: `/v1/models/${model}:predict`, body: text, status, times };
}
