/** A canary's steps and the fields beside them. */
import type { FieldError } from '../../../src/domain/errors.js';
import type { CanaryStep, Rollout } from '../argo-documents.js';
import { goDurationSeconds } from '../go-duration.js';

/** Steps that only a traffic router can carry out. */
const routedSteps = ['setCanaryScale', 'setHeaderRoute', 'setMirrorRoute'];

export function checkRolloutSteps(rollout: Rollout): readonly FieldError[] {
  const { canary } = rollout.spec.strategy;
  const at = 'spec.strategy.canary';
  const found: FieldError[] = canary.steps.flatMap((step, index) =>
    checkStep(step, rollout).map(({ path, message }) => ({ path: `${at}.steps[${index}]${path}`, message })),
  );
  if (canary.canaryService !== undefined && canary.canaryService === canary.stableService) {
    found.push({ path: `${at}.stableService`, message: 'expected another service than canaryService' });
  }
  if (isZero(canary.maxSurge) && isZero(canary.maxUnavailable)) {
    found.push({ path: `${at}.maxSurge`, message: 'maxSurge and maxUnavailable cannot both be 0' });
  }
  const labels = rollout.spec.template.metadata.labels;
  for (const [key, value] of Object.entries(rollout.spec.selector?.matchLabels ?? {})) {
    if (labels[key] === value) continue;
    found.push({ path: `spec.selector.matchLabels.${key}`, message: 'is not a label of the pod template' });
  }
  return found;
}

function checkStep(step: CanaryStep, rollout: Rollout): readonly FieldError[] {
  const found: FieldError[] = [];
  const kinds = Object.keys(step);
  if (kinds.length !== 1) {
    found.push({
      path: '',
      message: `expected exactly one kind of step, got ${kinds.join(' and ') || 'none'}`,
    });
  }
  const routed = rollout.spec.strategy.canary.trafficRouting !== undefined;
  for (const kind of kinds.filter((name) => routedSteps.includes(name) && !routed)) {
    found.push({ path: `.${kind}`, message: 'needs trafficRouting' });
  }
  if (step.setWeight !== undefined)
    found.push(...checkWeight(step.setWeight, routed ? undefined : rollout.spec.replicas));
  const duration = step.pause?.duration;
  if (duration !== undefined && !((pauseSeconds(duration) ?? -1) >= 0)) {
    found.push({ path: '.pause.duration', message: 'expected seconds, or a duration such as 5m' });
  }
  return found;
}

/** Without a router a weight is a share of the replicas (1 where nothing is said), and only whole pods exist. */
function checkWeight(weight: number, replicas: number | undefined): readonly FieldError[] {
  if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
    return [{ path: '.setWeight', message: 'expected a whole percentage from 0 to 100' }];
  }
  if (replicas === undefined || (replicas * weight) % 100 === 0) return [];
  return [
    { path: '.setWeight', message: `${weight} % of ${replicas} replicas is not a whole number of pods` },
  ];
}

function pauseSeconds(duration: number | string): number | undefined {
  if (typeof duration === 'number') return duration;
  return /^\d+$/.test(duration) ? Number(duration) : goDurationSeconds(duration);
}

function isZero(value: number | string | undefined): boolean {
  return value === 0 || value === '0' || value === '0%';
}
