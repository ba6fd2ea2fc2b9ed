import type { GuardrailSettings } from '../../domain/policy.js';
import type { QuerySeries } from '../../sources/index.js';
import type { Channel } from '../../sources/prometheus/counting/channel.js';
import { keyOf, readSeries, type SeriesIdentity } from '../../sources/prometheus/counting/sampled-series.js';
import type { ModelQueries } from '../../sources/prometheus/signals/signal.js';
import type { VersionOf } from './version-names.js';

/** What a server has of one model now. */
export interface ProbedModel {
  readonly queries: ModelQueries;
  readonly guardrails: readonly GuardrailSettings[];
  readonly nowMs: number;
  readonly versionOf: VersionOf;
  /** The versions that are looked at: those that were named, else those that were found. */
  readonly versions: readonly string[];
  readonly channels: readonly ProbedChannel[];
  /** When processes began, milliseconds since the epoch, by the labels that tell them apart. */
  readonly starts: ReadonlyMap<string, number>;
}

/** The series of one query of a signal. */
export interface ProbedChannel {
  readonly channel: Channel;
  readonly series: readonly QuerySeries[];
}

/** The series of a channel, of the versions that are looked at; undefined where it was not read. */
export function seriesOf(model: ProbedModel, channelId: string): readonly QuerySeries[] | undefined {
  return model.channels.find(({ channel }) => channel.id === channelId)?.series;
}

/** The series of a channel as verdicts identify them; of one version alone, or of all. */
export function identitiesOf(
  { queries, versionOf }: ProbedModel,
  { channel, series }: ProbedChannel,
  version?: string,
): readonly SeriesIdentity[] {
  const { targetLabels, replicaLabels, startTime } = queries;
  return readSeries(channel, series, {
    armOf: (labels) => (version === undefined || versionOf(labels) === version ? 'canary' : undefined),
    targetLabels,
    processLabels: startTime.on,
    replicaLabels,
  }).map(({ identity }) => identity);
}

/** How many scraped targets some series are of. */
export function targetCount({ queries }: ProbedModel, series: readonly QuerySeries[]): number {
  return new Set(series.map(({ labels }) => keyOf(queries.targetLabels, labels))).size;
}

/** The labels of the process that a series is of, as {@link ProbedModel.starts} has them. */
export function processOf(
  { startTime }: ProbedModel['queries'],
  labels: Readonly<Record<string, string>>,
): string {
  return keyOf(startTime.on, labels);
}
