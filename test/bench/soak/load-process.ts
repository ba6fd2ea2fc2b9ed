import { Agent } from 'node:http';
import { call } from '../../support/service/call.js';
import { predictionBody } from '../load/model-lines.js';
import { runSchedule, type Stream } from './schedule.js';
import type { LoadOrder } from './load-order.js';

/** The process that loads the service: told what to do by its parent, it answers with what became of every stream. */

const batchLines = 1000;
const batchesPerSecond = 10;
const verdictsPerSecond = 200;

function streams({ url, quietModels, liveModels }: LoadOrder): readonly Stream[] {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const bodies = liveModels.map((model) =>
    predictionBody({ model, lines: batchLines, seed: `live/${model}` }),
  );
  const of = <T>(items: readonly T[], number: number): T => items[number % items.length] as T;
  const guardrails = ['', '&guardrail=error-rate', '&guardrail=latency-p99', '&guardrail=prediction-drift'];
  const verdict = (models: readonly string[]) => (number: number) => {
    const guardrail = of(guardrails, Math.floor(number / models.length));
    return call(`${url}/v1/verdict?model=${of(models, number)}&canary=v2&stable=v1${guardrail}`, { agent });
  };
  const post = (path: string, body: string) => call(url + path, { agent, body });
  const idOf = (batch: number, index: number) => `${batch}-${index}`;
  return [
    { kind: 'verdict, no new data', perSecond: verdictsPerSecond / 2, send: verdict(quietModels) },
    { kind: 'verdict, data arriving', perSecond: verdictsPerSecond / 2, send: verdict(liveModels) },
    {
      kind: 'predictions, 1,000 a batch',
      perSecond: batchesPerSecond - 1,
      send: (number) => post('/v1/predictions', of(bodies, number)),
    },
    {
      kind: 'predictions with ids, 1,000 a batch',
      perSecond: 1,
      send: (number) =>
        post(
          '/v1/predictions',
          predictionBody({
            model: of(liveModels, number),
            lines: batchLines,
            seed: `ids/${number}`,
            id: (index) => idOf(number, index),
          }),
        ),
    },
    {
      kind: 'outcomes, 200 a batch',
      perSecond: 1,
      send: (number) => {
        const lines = Array.from({ length: 200 }, (_, index) =>
          JSON.stringify({ model: of(liveModels, number), id: idOf(number, index * 5), value: index % 2 }),
        );
        return post('/v1/outcomes', lines.join('\n'));
      },
    },
    { kind: 'history', perSecond: 1, send: () => call(`${url}/v1/verdicts?limit=20`, { agent }) },
    {
      kind: 'observations',
      perSecond: 0.2,
      send: (number) =>
        call(`${url}/v1/observations?model=${of(liveModels, number)}&canary=v2&stable=v1`, { agent }),
    },
    { kind: 'metrics', perSecond: 0.2, send: () => call(`${url}/metrics`, { agent }) },
  ];
}

process.once('message', (order: LoadOrder) => {
  void runSchedule(streams(order), order).then((results) => {
    process.send?.(results, () => process.exit(0));
  });
});
