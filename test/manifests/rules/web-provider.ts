/** The web provider: what the controller refuses at each measurement, or quietly takes for something else. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type { Metric } from '../argo-documents.js';

const methods = ['GET', 'POST', 'PUT'];

export function checkWebProvider(metric: Metric, at: string): readonly FieldError[] {
  const providers = Object.keys(metric.provider);
  if (providers.length !== 1) return [{ path: `${at}.provider`, message: 'expected exactly one provider' }];
  const { web } = metric.provider;
  if (web === undefined) return [];

  const found: FieldError[] = [];
  const report = (field: string, message: string) =>
    found.push({ path: `${at}.provider.web.${field}`, message });
  const method = web.method ?? 'GET';
  if (!methods.includes(method))
    report('method', `"${method}" is no method; ${suggestName(method, methods)}`);
  if (web.body !== undefined && web.jsonBody !== undefined)
    report('body', 'expected either body or jsonBody');
  if (method === 'GET' && (web.body !== undefined || web.jsonBody !== undefined)) {
    report('method', 'expected POST or PUT where there is a body');
  }
  if (web.jsonPath !== undefined && !/^\{\$.*\}$/.test(web.jsonPath)) {
    report('jsonPath', 'expected braces, as in {$.measurement}: without them it is a literal text');
  }
  if (web.timeoutSeconds !== undefined && web.timeoutSeconds <= 0)
    report('timeoutSeconds', 'expected 1 or more');
  return found;
}
