import { z } from 'zod';
import type { Envelope } from './envelope.js';

/** What a server says it is. */
export interface BuildInfo {
  readonly kind: 'build';
  /** `Grafana Mimir` for instance; Prometheus itself tells none. */
  readonly application?: string;
  /** Absent where the server does not tell. */
  readonly version?: string;
}

const word = z
  .string()
  .regex(/^[\x20-\x7e]{1,60}$/)
  .optional()
  .catch(undefined);
const build = z.looseObject({ application: word, version: word });

/** Reads the answer; undefined for what is none. */
export function readBuildInfo({ data }: Envelope): BuildInfo | undefined {
  const read = build.safeParse(data);
  if (!read.success) return undefined;
  const { application, version } = read.data;
  return {
    kind: 'build',
    ...(application === undefined ? {} : { application }),
    ...(version === undefined ? {} : { version }),
  };
}
