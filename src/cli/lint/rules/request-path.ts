import type { Rule } from '../rule.js';

export const requestPath: Rule = {
  name: 'request-path',
  severity: 'error',
  what: 'the address does not lead to /v1/verdict, or has no scheme',
  of: 'metric',
  check({ metric }) {
    const field = metric.web.at('url');
    const { url } = metric;
    const [path = ''] = url.split(/[?#]/, 1);
    if (!/^https?:\/\//.test(url) && !url.startsWith('{{')) {
      const message =
        'an address without http:// or https:// is an Error at every measurement, and the rollout aborts';
      return [{ field, message, fix: 'write http://HOST:8080/v1/verdict' }];
    }
    // What ends in an argument is known only with a run.
    if (/\/v1\/verdict\/?$/.test(path) || path.endsWith('}}')) return [];
    return [
      {
        field,
        message: `the path is not /v1/verdict: whatever answers there is no verdict, and a page or an empty answer promotes the canary`,
        fix: "end the url with /v1/verdict: '{{ args.verdict-url }}/v1/verdict'",
      },
    ];
  },
};
