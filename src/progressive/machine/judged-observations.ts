import type { Look, Observations } from '../../domain/observations.js';
import type { VerdictRequest } from './verdict-request.js';

/** The looks that a request asks for, each with the share that the canary had at its end: what makes the judge's stages. */
export function judgedObservations(
  observations: Observations,
  request: Pick<VerdictRequest, 'fromMs' | 'toMs' | 'weights'>,
): Observations {
  const { fromMs, toMs } = request;
  const looks = observations.looks.filter((look) => look.startMs >= fromMs && look.endMs <= toMs);
  const weight = weightAt(request, toMs);
  return {
    ...observations,
    canary: { version: observations.canary.version, ...(weight === undefined ? {} : { weight }) },
    looks: looks.map((look) => withWeight(look, request)),
    asOfMs: toMs,
  };
}

function withWeight(look: Look, request: Pick<VerdictRequest, 'weights'>): Look {
  const weight = weightAt(request, look.endMs);
  return weight === undefined ? look : { ...look, weight };
}

function weightAt({ weights }: Pick<VerdictRequest, 'weights'>, atMs: number): number | undefined {
  const share = weights.findLast(({ fromMs }) => fromMs < atMs) ?? weights[0];
  return share === undefined ? undefined : share.percent / 100;
}
