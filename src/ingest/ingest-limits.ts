import { longestAheadMs } from '../sources/index.js';

/** What one request may send. */
export interface IngestLimits {
  /** Bytes of a whole body, as it was sent and as it was decoded. */
  readonly maxBodyBytes: number;
  /** Bytes of a line, or of an element of an array. */
  readonly maxLineBytes: number;
  /** Lines of a body, blank ones included, or elements of an array. */
  readonly maxLines: number;
  /** How many refused lines are named one by one; of further ones only their number is told. */
  readonly maxRefusals: number;
  /** Events older than this are refused. */
  readonly maxAgeMs: number;
  /** Events further ahead than this are refused: clocks differ, but not by more. */
  readonly maxAheadMs: number;
  /** How many models the ledger may have, over all namespaces. */
  readonly maxModels: number;
  /** How many versions a model may have. */
  readonly maxVersions: number;
  /** How many prediction outputs, and how many outcomes, a model may have. */
  readonly maxSeries: number;
  /** How many labels of an output are told apart; further ones are counted together. */
  readonly maxLabels: number;
}

const mebibyte = 1024 * 1024;
const minute = 60_000;

/** What holds where nothing else is configured. */
export const defaultIngestLimits: IngestLimits = {
  maxBodyBytes: 256 * mebibyte,
  maxLineBytes: 64 * 1024,
  maxLines: 1_000_000,
  maxRefusals: 1000,
  maxAgeMs: 30 * 24 * 60 * minute,
  maxAheadMs: longestAheadMs,
  maxModels: 1000,
  maxVersions: 1000,
  maxSeries: 50,
  maxLabels: 200,
};
