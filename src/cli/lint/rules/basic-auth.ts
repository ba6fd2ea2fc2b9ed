import type { Metric } from '../argo/metric.js';
import type { Rule } from '../rule.js';

/** The schema of every provider has them; only that of Prometheus reads them. */
const unread = ['basicAuth', 'sigv4'] as const;

export const basicAuth: Rule = {
  name: 'basic-auth',
  severity: 'error',
  what: 'a way to authenticate that Argo ignores for web metrics: the question is asked without it',
  of: 'metric',
  check: ({ metric }) =>
    unread.flatMap((name) => {
      const field = metric.web.at('authentication', name);
      if (!field.exists) return [];
      const beside = hasToken(metric);
      const effect = beside
        ? 'only the token of the header is sent'
        : 'the question is asked without a token, so that a service that wants one answers 401, an Error, and in the end the rollout aborts';
      const message = `Argo reads ${name} for Prometheus alone: ${effect}`;
      const fix = `write headers: [{ key: Authorization, value: 'Bearer {{ args.token }}' }] with the token from a Secret, or use authentication.oauth2`;
      return [{ field, message, fix, severity: beside ? 'warning' : 'error' }];
    }),
};

function hasToken({ web }: Metric): boolean {
  const keys = web.at('headers').items();
  return (
    web.at('authentication', 'oauth2').exists ||
    keys.some((header) => header.at('key').text?.toLowerCase() === 'authorization')
  );
}
