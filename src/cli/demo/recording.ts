import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One request as it was recorded: when it came, which side served it, and what became of it. */
export interface RecordedRequest {
  /** -30 to -1 before the canary, 1 to 60 with it. */
  readonly look: number;
  /** Where in the look it came, 0 to 1. */
  readonly offset: number;
  /** 0 to 99: the canary serves the buckets below its weight in percent. */
  readonly bucket: number;
  readonly late: boolean;
  readonly champion: RecordedAnswer;
}

/** What a model answered: its score (absent where it failed) and how long it took. */
export interface RecordedAnswer {
  readonly score: number | undefined;
  readonly latencyMs: number;
}

/** A candidate and its answers to the canary requests, in their order. */
export interface RecordedCandidate {
  readonly name: string;
  readonly title: string;
  readonly wrong: string;
  /** Scores at or above it flag a flight as late. */
  readonly cut: number;
  /** How many looks are recorded. */
  readonly looks: number;
  /** Absent: the champion's own answers. */
  readonly answers: readonly RecordedAnswer[] | undefined;
}

export interface Recording {
  readonly description: string;
  readonly credit: string;
  readonly looks: number;
  readonly beforeLooks: number;
  /** The champion's cut. */
  readonly cut: number;
  readonly requests: readonly RecordedRequest[];
  readonly candidates: readonly RecordedCandidate[];
  /** The canary's share of the traffic in a look. */
  weightOf(look: number): number;
}

interface Manifest {
  readonly description: string;
  readonly credit: string;
  readonly looks: number;
  readonly beforeLooks: number;
  readonly weights: readonly {
    readonly firstLook: number;
    readonly lastLook: number;
    readonly weight: number;
  }[];
  readonly requests: { readonly file: string; readonly cut: number };
  readonly candidates: readonly {
    readonly name: string;
    readonly title: string;
    readonly wrong: string;
    readonly file: string | null;
    readonly cut: number;
    readonly looks: number;
  }[];
}

/** Reads the recording that ships with the package. */
export function loadRecording(folder = new URL('./recording/', import.meta.url)): Recording {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Manifest;
  return {
    description: manifest.description,
    credit: manifest.credit,
    looks: manifest.looks,
    beforeLooks: manifest.beforeLooks,
    cut: manifest.requests.cut,
    requests: readRows(new URL(manifest.requests.file, folder)).map(asRequest),
    candidates: manifest.candidates.map(({ name, title, wrong, file, cut, looks }) => ({
      name,
      title,
      wrong,
      cut,
      looks,
      answers: file === null ? undefined : readRows(new URL(file, folder)).map(asAnswer),
    })),
    weightOf: (look) =>
      manifest.weights.find(({ firstLook, lastLook }) => look >= firstLook && look <= lastLook)?.weight ?? 0,
  };
}

function readRows(file: URL): readonly (readonly string[])[] {
  const [, ...rows] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return rows.map((row) => row.split(','));
}

function asRequest(row: readonly string[]): RecordedRequest {
  const [look, offset, bucket, late, score, latencyMs] = row;
  return {
    look: Number(look),
    offset: Number(offset),
    bucket: Number(bucket),
    late: late === '1',
    champion: { score: Number(score), latencyMs: Number(latencyMs) },
  };
}

function asAnswer(row: readonly string[]): RecordedAnswer {
  const [score, latencyMs, error] = row;
  return { score: error === '1' ? undefined : Number(score), latencyMs: Number(latencyMs) };
}
