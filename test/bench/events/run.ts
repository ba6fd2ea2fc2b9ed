import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { responseBody, responseHeaders, type BenchServer } from './servers.js';

/**
 * What taking payload events costs, beside bare servers that read the same body and answer the same. One process serves, this
 * one asks; the processor time of the server decides, so that what else the machine does counts little.
 */

const [warmUpSeconds, timedSeconds, rounds, connections] = [1, 2, 3, 8];
const path = '/v1/events/ml/fraud/v2';
const kinds = ['node', 'express', 'events', 'events-all'] as const;

/** One round: requests answered, and the processor time that the server took for them. */
interface Round {
  readonly requests: number;
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** Runs one server; `measure` is asked for a number of rounds, one after the other. */
async function withServer<T>(
  kind: BenchServer,
  measure: (round: () => Promise<Round>) => Promise<T>,
): Promise<T> {
  const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const child = fork(script, [kind], { execArgv: process.execArgv });
  try {
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    let sent = 0;
    const load = (duration: number) =>
      autocannon({
        url: `http://127.0.0.1:${port}${path}`,
        connections,
        duration,
        requests: [
          {
            method: 'POST',
            headers: responseHeaders,
            body: responseBody,
            setupRequest: (request) => {
              // A call that is new each time: in mode all its request, then its response.
              const number = sent++;
              const isRequest = kind === 'events-all' && number % 2 === 0;
              return {
                ...request,
                headers: {
                  ...request.headers,
                  'Ce-Id': `call-${kind === 'events-all' ? number >> 1 : number}`,
                  'Ce-Type': `org.kubeflow.serving.inference.${isRequest ? 'request' : 'response'}`,
                },
              };
            },
          },
        ],
      });
    const processorSeconds = async (): Promise<number> => {
      child.send('usage');
      const [{ seconds }] = (await once(child, 'message')) as [{ seconds: number }];
      return seconds;
    };
    await load(warmUpSeconds);
    return await measure(async () => {
      const before = await processorSeconds();
      const result = await load(timedSeconds);
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${kind}: ${result.non2xx} refused, ${result.errors} failed`);
      return {
        requests: result.requests.total,
        seconds: result.duration,
        processorSeconds: (await processorSeconds()) - before,
      };
    });
  } finally {
    child.kill();
    await once(child, 'exit');
  }
}

const best = new Map<BenchServer, { readonly perProcessorSecond: number; readonly perSecond: number }>();
for (const kind of kinds) {
  const measured = await withServer(kind, async (round) => {
    const all: Round[] = [];
    for (let number = 0; number < rounds; number++) all.push(await round());
    return all;
  });
  best.set(kind, {
    perProcessorSecond: Math.max(
      ...measured.map(({ requests, processorSeconds }) => requests / processorSeconds),
    ),
    perSecond: Math.max(...measured.map(({ requests, seconds }) => requests / seconds)),
  });
}

const names: Readonly<Record<BenchServer, string>> = {
  node: 'node:http, the body read and thrown away',
  express: 'express, the body read and thrown away',
  events: 'payload events, mode response',
  'events-all': 'payload events, mode all',
};
const bare = best.get('node');
const express = best.get('express');
process.stdout
  .write(`Payload events, one a request of ${responseBody.length} bytes, ${connections} connections, Node.js ${process.version}; the best of ${rounds} rounds of
${timedSeconds} s. The client runs beside the server: events a second of the server's processor time are what can be compared.\n\n`);
process.stdout.write(
  plainTable(
    ['SERVER', 'EVENTS / CPU s', 'EVENTS / s', 'OF node:http', 'OF express'],
    kinds.map((kind) => {
      const { perProcessorSecond = NaN, perSecond = NaN } = best.get(kind) ?? {};
      return [
        names[kind],
        perProcessorSecond.toFixed(0),
        perSecond.toFixed(0),
        (perProcessorSecond / (bare?.perProcessorSecond ?? NaN)).toFixed(2),
        (perProcessorSecond / (express?.perProcessorSecond ?? NaN)).toFixed(2),
      ];
    }),
  ),
);
