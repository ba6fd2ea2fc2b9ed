import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServiceProcess } from '../../support/service/service-process.js';
import { median } from './quantiles.js';
import { requestRate } from './request-rate.js';

/** Answers a second, medians of several turns. */
export interface RateBesideBare {
  readonly service: number;
  readonly bare: number;
}

const turns = 5;
const secondsATurn = 2;

/** A cached verdict against a bare express route with the same JSON, by turns in one run. */
export async function cachedVerdicts(service: ServiceProcess, path: string): Promise<RateBesideBare> {
  const child = fork(fileURLToPath(new URL('bare-express.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
  });
  try {
    child.send(JSON.parse((await service.call(path)).text) as object);
    const [port] = (await once(child, 'message')) as [number];
    const rates = { service: [] as number[], bare: [] as number[] };
    // The first turn warms both up.
    for (let turn = 0; turn <= turns; turn++) {
      const bare = await requestRate(`http://127.0.0.1:${port}/`, secondsATurn);
      const own = await requestRate(service.url + path, secondsATurn);
      if (turn === 0) continue;
      rates.bare.push(bare);
      rates.service.push(own);
    }
    return { service: median(rates.service), bare: median(rates.bare) };
  } finally {
    child.kill();
  }
}
