import type { QuerySeries } from '../server/query.js';
import type { Channel } from './channel.js';
import type { CounterValue } from './value.js';

/** Which of the two versions is counted. */
export type ArmName = 'canary' | 'stable';

/** One counter of one scraped target, as the answers of several queries know it again. */
export interface SeriesIdentity {
  /** Told apart from all other series by it. */
  readonly key: string;
  readonly channel: string;
  readonly arm: ArmName;
  /** The bucket bound or class that it counts; empty where there are none. */
  readonly cell: string;
  /** The series but for its cell: all buckets of one histogram have the same. */
  readonly child: string;
  /** The scraped target, as its labels name it. */
  readonly target: string;
  /** The labels by which the start of its process is found. */
  readonly process: string;
  /** The metric without the ends that its kind gives it: `_count`, `_bucket`, `_total`. */
  readonly family: string;
  /** How a `_created` series of the same counter is known. */
  readonly creation: string;
  /** Which collector has these samples, where several have the same series. */
  readonly replica: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A series with its samples, in time. */
export interface SampledSeries {
  readonly identity: SeriesIdentity;
  readonly timesMs: readonly number[];
  readonly values: readonly CounterValue[];
}

/** How the series of a model are told apart. */
export interface SeriesReading {
  readonly armOf: (labels: Readonly<Record<string, string>>) => ArmName | undefined;
  readonly targetLabels: readonly string[];
  readonly processLabels: readonly string[];
  readonly replicaLabels: readonly string[];
}

/**
 * Reads the answer to a channel's query. Series of neither version are left out. Where several collectors have the
 * same series, all of them are in the answer, under one identity.
 */
export function readSeries(
  channel: Channel,
  answered: readonly QuerySeries[],
  reading: SeriesReading,
): readonly SampledSeries[] {
  const identities = new Identities(channel, reading);
  const series: SampledSeries[] = [];
  for (const { labels, timesMs, values } of answered) {
    const identity = timesMs.length === 0 ? undefined : identities.of(labels);
    if (identity !== undefined) series.push({ identity, timesMs, values });
  }
  return series;
}

/** What is the same for all buckets of a histogram. */
type ChildIdentity = Omit<SeriesIdentity, 'key' | 'cell' | 'labels'>;

/** Tells what the series of a channel are. What the buckets of a histogram have in common is put together once. */
class Identities {
  readonly #channel: Channel;
  readonly #reading: SeriesReading;
  /** The label in which the buckets of a histogram differ. */
  readonly #shared: 'le' | undefined;
  readonly #children = new Map<string, ChildIdentity | undefined>();

  constructor(channel: Channel, reading: SeriesReading) {
    this.#channel = channel;
    this.#shared = channel.cellLabel === 'le' ? 'le' : undefined;
    this.#reading = reading;
  }

  /** Undefined for the series of neither version. */
  of(labels: Readonly<Record<string, string>>): SeriesIdentity | undefined {
    // In whatever order they come: most often it is the same one.
    let shared = '';
    for (const [name, value] of Object.entries(labels)) {
      if (name !== this.#shared) shared += `${name}=${value}\0`;
    }
    let child = this.#children.get(shared);
    if (child === undefined && !this.#children.has(shared)) {
      child = this.#childOf(labels);
      this.#children.set(shared, child);
    }
    if (child === undefined) return undefined;
    const cell = cellOf(this.#channel, labels);
    return { ...child, key: `${child.channel}\0${cell}\0${child.child}`, cell, labels };
  }

  #childOf(labels: Readonly<Record<string, string>>): ChildIdentity | undefined {
    const { armOf, targetLabels, processLabels, replicaLabels } = this.#reading;
    const arm = armOf(labels);
    if (arm === undefined) return undefined;
    const { id, cellLabel } = this.#channel;
    const names = Object.keys(labels).filter((name) => name !== cellLabel && !replicaLabels.includes(name));
    return {
      channel: id,
      arm,
      child: keyOf(names.sort(), labels),
      target: `${arm}\0${keyOf(targetLabels, labels)}`,
      process: keyOf(processLabels, labels),
      family: familyOf(labels['__name__'] ?? ''),
      creation: creationOf(labels, replicaLabels),
      replica: keyOf(replicaLabels, labels),
    };
  }
}

/** Bounds are the same number however they are written: `1` and `1.0`, `+Inf`. */
function cellOf({ cellLabel }: Channel, labels: Readonly<Record<string, string>>): string {
  if (cellLabel === undefined) return '';
  const value = labels[cellLabel] ?? '';
  return cellLabel === 'le' ? String(numberOf(value)) : value;
}

function numberOf(bound: string): number {
  return bound === '+Inf' || bound === 'Inf' ? Infinity : Number(bound);
}

/** What a counter and its `_created` series have in common. */
export function creationOf(
  labels: Readonly<Record<string, string>>,
  replicaLabels: readonly string[],
): string {
  const left = new Set(['__name__', 'le', ...replicaLabels]);
  const names = Object.keys(labels).filter((name) => !left.has(name));
  return `${familyOf(labels['__name__'] ?? '')}\0${keyOf(names.sort(), labels)}`;
}

/** Some labels as one text. */
export function keyOf(names: readonly string[], labels: Readonly<Record<string, string>>): string {
  return names.map((name) => `${name}=${labels[name] ?? ''}`).join('\0');
}

function familyOf(metric: string): string {
  return metric.replace(/_(?:bucket|count|sum|total|created)$/, '');
}
