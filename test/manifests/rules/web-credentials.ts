/** Who asks: every web metric sends a token, which comes from a Secret and goes nowhere else. */
import type { FieldError } from '../../../src/domain/errors.js';
import type { AnalysisTemplate, Metric } from '../argo-documents.js';

const bearer = /^Bearer \{\{ ?args\.([\w-]+) ?\}\}$/;

export function checkWebCredentials(template: AnalysisTemplate): readonly FieldError[] {
  const secrets = template.spec.args.filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
  const names = secrets.map(({ name }) => name);
  return template.spec.metrics.flatMap((metric, index) => {
    const at = `spec.metrics[${index}].provider.web`;
    return metric.provider.web === undefined
      ? []
      : [...checkHeader(metric, names, at), ...checkLeaks(metric, names, at)];
  });
}

function checkHeader(metric: Metric, secrets: readonly string[], at: string): readonly FieldError[] {
  const path = `${at}.headers`;
  const sent = (metric.provider.web?.headers ?? []).filter(
    ({ key }) => key.toLowerCase() === 'authorization',
  );
  const [first] = sent;
  if (first === undefined)
    return [{ path, message: 'expected an Authorization header: without it nobody is let in' }];
  if (sent.length > 1) return [{ path, message: 'expected one Authorization header, got more' }];
  const name = bearer.exec(first.value)?.[1];
  if (name === undefined) return [{ path, message: 'expected "Bearer {{ args.… }}"' }];
  return secrets.includes(name)
    ? []
    : [{ path, message: `the argument "${name}" does not come from a Secret` }];
}

/** What Argo stores of a metric, and what others log of a request, must not hold the token. */
function checkLeaks(metric: Metric, secrets: readonly string[], at: string): readonly FieldError[] {
  const web = { ...metric.provider.web, headers: undefined };
  const elsewhere = JSON.stringify({ ...metric, provider: { web } });
  return secrets
    .filter((name) => new RegExp(`\\{\\{ ?args\\.${name} ?\\}\\}`).test(elsewhere))
    .map((name) => ({ path: at, message: `the Secret "${name}" stands outside of the headers` }));
}
