import type { StreamJudge } from './stream-judge.js';

/** The table read on the last minute alone: what an analysis template with plain queries does. */
export const oneMinute: StreamJudge = {
  name: 'one-minute',
  title: 'one minute, one strike',
  begin: () => (view) => view.lastMinute,
};
