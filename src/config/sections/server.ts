import { z } from 'zod';
import { durationSetting, sizeSetting, textSetting, wholeSetting } from '../settings.js';

/** Where the service listens, how much it takes and how long it waits. */
export const serverSection = z
  .strictObject({
    host: textSetting('127.0.0.1', 'The address to listen on. `0.0.0.0` inside a container.'),
    port: wholeSetting(8080, 'The port to listen on; 0 takes a free one.', { min: 0, max: 65535 }),
    verdictDeadline: durationSetting(
      '8s',
      'How long a verdict may take before the answer is a hold (`source-unavailable`). Keep it below the `timeoutSeconds` of the analysis templates.',
      { min: 0.05, max: 60 },
    ),
    verdictBodyLimit: sizeSetting(
      '256KiB',
      'The largest body of `POST /v1/verdict`; above it the answer is 413.',
    ),
    cachedVerdicts: wholeSetting(
      1000,
      'How many verdicts are kept for identical questions about the same look.',
      {
        min: 0,
        max: 1_000_000,
      },
    ),
    requestTimeout: durationSetting('60s', 'How long a client may take to send a whole request.', { min: 1 }),
    headersTimeout: durationSetting('15s', 'How long a client may take to send the head of a request.', {
      min: 1,
    }),
    keepAliveTimeout: durationSetting(
      '100s',
      'How long an idle connection is kept open; longer than the 90 s after which Go programs such as Argo Rollouts close theirs, so that none of them sends into a connection that is just being closed.',
      { min: 0 },
    ),
    stopGrace: durationSetting('20s', 'How long requests that are under way may take to end after SIGTERM.', {
      min: 0,
      max: 3600,
    }),
  })
  .prefault({})
  .transform((section) => ({
    host: section.host,
    port: section.port,
    verdictDeadlineMs: section.verdictDeadline,
    verdictBodyLimitBytes: section.verdictBodyLimit,
    cachedVerdicts: section.cachedVerdicts,
    requestTimeoutMs: section.requestTimeout,
    headersTimeoutMs: section.headersTimeout,
    keepAliveTimeoutMs: section.keepAliveTimeout,
    stopGraceMs: section.stopGrace,
  }))
  .describe('The HTTP service.');
