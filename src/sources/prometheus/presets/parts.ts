/** Pieces that several presets are made of. */
import type { CounterSelection, Matcher, VersionSelection } from '../signals/signal.js';
import type { Gap } from './preset.js';

export function equal(label: string, value: string): Matcher {
  return { label, operator: '=', value };
}

/** A matcher by a regular expression of RE2, which has to match the whole value. */
export function like(label: string, value: string): Matcher {
  return { label, operator: '=~', value };
}

export function counter(metric: string, ...where: readonly Matcher[]): CounterSelection {
  return { metrics: [metric], where };
}

/** The namespace as service discovery in Kubernetes labels every target. */
export const ofNamespace: Matcher = equal('namespace', '{{namespace}}');

/** Pods of Deployments and of Rollouts are named after the hash of their template, which is the version for Argo. */
export const podsOfTemplateHash: VersionSelection = { label: 'pod', pattern: '*-{{version}}-*' };

/** gRPC statuses that are the server's fault, beside HTTP's 5xx. */
export const serverErrorCodes = '5..|Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss';

/** The buckets that many servers take over from the client library, in milliseconds; there is none at 200 ms. */
export const usualBoundsMs: readonly number[] = [
  5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000,
];

export const noPredictions: Gap = {
  reason: 'the server does not export what it predicts',
  advice:
    'let the application count its scores in a histogram or its classes in a counter and name it in `predictions`, or send what it answers to ml-verdict and have it judged from there (`source: ledger`)',
};

export const noOutcomes: Gap = {
  reason: 'the server does not know what became of its predictions',
  advice:
    'let the application that learns it count outcomes and their sum by version and name both in `outcomes`',
};

export const noStartTime: Gap = {
  reason:
    'nothing says when the process began, so that what a new pod counted before its first scrape is left out',
  advice:
    'where kube-state-metrics is scraped, set `startTime: { metric: kube_pod_container_state_started, on: [namespace, pod, container] }`',
};
