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
    answerTimeout: durationSetting(
      '90s',
      'How long a request may take from its head to the end of its answer; then its connection is cut. Longer than `requestTimeout`; it ends clients that send or read too slowly.',
      { min: 1, max: 3600 },
    ),
    drainDelay: durationSetting(
      '5s',
      'After SIGTERM the service says that it is not ready and goes on taking requests for this long, until load balancers have noticed. Not after SIGINT (Ctrl-C).',
      { min: 0, max: 300 },
    ),
    stopGrace: durationSetting(
      '20s',
      'How long requests that are under way may take to end after SIGTERM and `drainDelay`.',
      { min: 0, max: 3600 },
    ),
    reloadInterval: durationSetting(
      '5s',
      'How often the files of the config (itself, tokens, certificates) are looked at; one that has changed is read again, as it is on SIGHUP. 0 looks at none.',
      { min: 0, max: 3600 },
    ),
    tls: z
      .strictObject({
        certificateFile: z
          .string()
          .min(1)
          .describe('The certificate in PEM, with the intermediate ones behind it.'),
        keyFile: z.string().min(1).describe('Its private key in PEM, without a passphrase.'),
      })
      .optional()
      .describe(
        'HTTPS instead of HTTP, TLS 1.2 or later. The files are read again when they change. Absent: plain HTTP.',
      ),
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
    answerTimeoutMs: section.answerTimeout,
    drainDelayMs: section.drainDelay,
    stopGraceMs: section.stopGrace,
    reloadIntervalMs: section.reloadInterval,
    ...(section.tls === undefined ? {} : { tls: section.tls }),
  }))
  .describe('The HTTP service.');
