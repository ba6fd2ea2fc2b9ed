/** Every Rollout is watched from the first step to its end: its last analysis must not be the first look. */
import type { FieldError } from '../../../src/domain/errors.js';
import type { Rollout } from '../argo-documents.js';

/** Right when the run starts, wrong from the next weight on: a background run takes its arguments once. */
const changing = ['weight', 'step'];

export function checkRolloutWatch(rollout: Rollout): readonly FieldError[] {
  const at = 'spec.strategy.canary.analysis';
  const { analysis } = rollout.spec.strategy.canary;
  if (analysis === undefined || analysis.templates.length === 0)
    return [{ path: at, message: 'missing; nobody watches between and after the analysis steps' }];
  const found: FieldError[] = [];
  if ((analysis.startingStep ?? 0) !== 0)
    found.push({ path: `${at}.startingStep`, message: 'expected 0: the first step' });
  analysis.args.forEach(({ name, valueFrom }, index) => {
    const path = `${at}.args[${index}]`;
    if (changing.includes(name) || valueFrom?.fieldRef?.fieldPath.startsWith('status.') === true)
      found.push({ path, message: `"${name}" is taken once, when the run starts` });
  });
  return found;
}
