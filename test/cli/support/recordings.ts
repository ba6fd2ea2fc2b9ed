import type { Recording } from '../../../src/cli/demo/recording.js';
import { loadRecording } from '../../../src/cli/demo/recording.js';

let shipped: Recording | undefined;

/** The recording that ships with the package, read once. */
export function shippedRecording(): Recording {
  shipped ??= loadRecording();
  return shipped;
}

/** The first looks of a recording, and the last ones before the canary, as if no more had been recorded. */
export function cutRecording(recording: Recording, looks: number, beforeLooks: number): Recording {
  return {
    ...recording,
    looks,
    beforeLooks,
    requests: recording.requests.filter(({ look }) => look >= -beforeLooks && look <= looks),
    candidates: recording.candidates.map((candidate) => ({
      ...candidate,
      looks: Math.min(looks, candidate.looks),
    })),
  };
}
