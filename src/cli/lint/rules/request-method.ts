import type { Rule } from '../rule.js';

export const requestMethod: Rule = {
  name: 'request-method',
  severity: 'error',
  what: 'the method does not fit the body: every measurement is an Error, and the rollout aborts',
  of: 'metric',
  check({ metric }) {
    const { web } = metric;
    const field = web.at('method');
    const method = field.plainText ?? 'GET';
    const bodies = (['jsonBody', 'body'] as const).filter((name) => web.at(name).exists);
    const effect = 'every measurement is an Error, and the rollout aborts';
    const post = 'write method: POST with a jsonBody';
    if (bodies.length > 1) {
      return [
        {
          field: web.at('body'),
          message: `body and jsonBody stand beside each other: ${effect}`,
          fix: 'keep jsonBody',
        },
      ];
    }
    if (method === 'POST' || method === 'GET') {
      if (method === 'GET' && bodies.length > 0) {
        const absent = field.exists ? 'GET' : 'no method, which is GET,';
        return [{ field, message: `${absent} with a body: ${effect}`, fix: 'write method: POST' }];
      }
      if (method === 'POST' && bodies.length === 0) {
        return [{ field: web.at('jsonBody'), message: `POST without a body: ${effect}`, fix: post }];
      }
      if (method === 'GET' && !(web.at('url').text ?? '').includes('?')) {
        const message = 'a GET without a query asks for no model: the service answers bad-argument, a hold';
        return [{ field: web.at('url'), message, fix: post }];
      }
      return [];
    }
    return [{ field, message: `the service answers ${method} with 405: ${effect}`, fix: post }];
  },
};
