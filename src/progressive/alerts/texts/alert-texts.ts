import type { AlertKind } from '../../machine/alert.js';
import type { AlertMessage } from '../alert-message.js';
import { rolloutCommand } from './rollout-command.js';

type Write = (message: AlertMessage) => string;

/** What is said of one kind of alert beside its own sentence. */
interface KindTexts {
  readonly title: Write;
  readonly next: readonly Write[];
}

const canaryOf = ({ canary }: AlertMessage): string => canary ?? 'the canary';

const look: Write = (message) => `See how it stands: \`${rolloutCommand('status', message)}\``;
const resume: Write = (message) => `Go on: \`${rolloutCommand('resume', message)}\``;
const skip: Write = (message) =>
  `Go on without a verdict, to the next stage: \`${rolloutCommand('promote', message)}\``;
const abort: Write = (message) =>
  `Give up, all traffic to the stable version: \`${rolloutCommand('abort', message)}\``;
const inferenceService = /^(?:InferenceService|kserve) (\S+)$/;

/** Of platforms where the two models share one spec; elsewhere the canary is an entry or an object of its own. */
const tidy: Write = ({ target, namespace }) => {
  const [, name] = inferenceService.exec(target) ?? [];
  return name === undefined
    ? 'Take the canary out once somebody has looked at it.'
    : `Put the old model back, in the safe order: \`ml-verdict rollout restore ${name} -n ${namespace} --storage-uri OLD_MODEL\``;
};

/** Title and next steps of every kind of alert. */
export const alertTexts: Readonly<Record<AlertKind, KindTexts>> = {
  started: { title: ({ model }) => `Canary of ${model} started`, next: [look] },
  'stage-reached': {
    title: ({ model, alert }) => `Canary of ${model} at ${alert.percent} %`,
    next: [look],
  },
  promoting: { title: (message) => `Promoting ${canaryOf(message)} of ${message.model}`, next: [look] },
  promoted: { title: (message) => `${canaryOf(message)} of ${message.model} was promoted`, next: [] },
  paused: {
    title: ({ model, alert }) => `Canary of ${model} is paused at ${alert.percent} %`,
    next: [look, resume, skip, abort],
  },
  resumed: { title: ({ model }) => `Canary of ${model} goes on`, next: [] },
  restarted: { title: ({ model }) => `Canary of ${model} begins anew`, next: [look] },
  'command-ignored': {
    title: ({ model }) => `A command to the canary of ${model} was ignored`,
    next: [look],
  },
  'rolling-back': { title: ({ model }) => `Canary of ${model} is being rolled back`, next: [look, tidy] },
  'rolled-back': { title: ({ model }) => `Canary of ${model} was rolled back`, next: [tidy] },
  'rollback-refused': {
    title: ({ model }) => `Canary of ${model} cannot be rolled back`,
    next: [
      ({ target, namespace }) =>
        `Take the canary's traffic away by hand now, at ${target} in namespace ${namespace}; it is tried again meanwhile.`,
      look,
    ],
  },
  'rollback-overdue': {
    title: ({ model }) => `Rolled back canary of ${model} may still have traffic`,
    next: [
      ({ target, namespace }) =>
        `See why ${target} in namespace ${namespace} does not follow, and take the canary's traffic away by hand.`,
      look,
    ],
  },
  'weight-after-rollback': {
    title: ({ model }) => `Rolled back canary of ${model} has traffic again`,
    next: [
      ({ target, namespace }) =>
        `Find out who gave it traffic (GitOps that does not ignore the field, often) and take it away at ${target} in namespace ${namespace}: nothing more is done by itself.`,
      look,
    ],
  },
  'target-unseen': {
    title: ({ model, alert }) => `Canary of ${model} at ${alert.percent} % cannot be looked after`,
    next: [
      ({ target, namespace }) =>
        `Let ml-verdict read ${target} in namespace ${namespace}: a role is missing, or the API server is away.`,
      look,
    ],
  },
  'target-seen': { title: ({ model }) => `Canary of ${model} is looked after again`, next: [look] },
  failed: { title: ({ model }) => `Rollout of ${model} ended without a result`, next: [look] },
};
