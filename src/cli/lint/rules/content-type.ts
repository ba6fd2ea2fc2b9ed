import type { Rule } from '../rule.js';

export const contentType: Rule = {
  name: 'content-type',
  severity: 'warning',
  what: 'a body without a Content-Type header, which gateways may refuse',
  of: 'metric',
  check({ metric }) {
    const { web } = metric;
    const headers = web.at('headers').items();
    const named = headers.some((header) => header.at('key').text?.toLowerCase() === 'content-type');
    if (!web.at('body').exists || named) return [];
    return [
      {
        field: web.at('body'),
        message:
          'Argo sends body without a Content-Type: the service reads it, gateways and firewalls on the way may not',
        fix: 'use jsonBody, or add the header Content-Type: application/json',
      },
    ];
  },
};
