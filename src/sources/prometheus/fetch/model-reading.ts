import { success, type Result } from '../../../domain/result.js';
import { channelsOf, type Channel } from '../counting/channel.js';
import type { ArmName, SeriesReading } from '../counting/sampled-series.js';
import type { LatencySummary, ModelQueries } from '../signals/signal.js';
import { matchVersions, type ComparedVersions } from '../signals/versions.js';
import { Expressions } from './expressions.js';

/** All that is needed to read two versions of a model: what is asked, and whose the answers are. */
export interface ModelReading {
  readonly queries: ModelQueries;
  readonly versions: ComparedVersions;
  readonly channels: readonly Channel[];
  readonly expressions: Expressions;
  readonly series: SeriesReading;
  /** Whether series fit both versions, so that nobody can tell whose they are. */
  readonly isAmbiguous: (labels: Readonly<Record<string, string>>) => boolean;
  /** Quantiles that are read as they are, where there are no buckets. */
  readonly summary?: LatencySummary;
}

/** Says how two versions of a model are read. Fails where they cannot be told apart. */
export function modelReading(queries: ModelQueries, versions: ComparedVersions): Result<ModelReading> {
  const both = matchVersions(queries.version, versions);
  if (!both.ok) return both;
  const alone = matchVersions(queries.version, { canary: versions.canary });
  if (!alone.ok) return alone;
  const channels = channelsOf(queries.signals);
  const [requests] = channels;
  if (requests === undefined) throw new Error('a model has no channel of requests');
  const { value: match } = both;
  const certain = (labels: Readonly<Record<string, string>>): ArmName | undefined => {
    const arm = match.armOf(labels);
    return arm === 'both' ? undefined : arm;
  };
  const { latency } = queries.signals;
  return success({
    queries,
    versions,
    channels,
    expressions: new Expressions(queries, requests, {
      both: both.value.matcher,
      canary: alone.value.matcher,
    }),
    series: {
      armOf: certain,
      targetLabels: queries.targetLabels,
      processLabels: queries.startTime.on,
      replicaLabels: queries.replicaLabels,
    },
    isAmbiguous: (labels) => match.armOf(labels) === 'both',
    ...(latency?.kind === 'summary' ? { summary: latency } : {}),
  });
}
