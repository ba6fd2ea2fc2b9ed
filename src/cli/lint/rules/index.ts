import type { Rule } from '../rule.js';
import { argoVersion, backgroundVersion } from './argo-version.js';
import { backgroundEnds } from './background-ends.js';
import { backgroundHolds } from './background-holds.js';
import { basicAuth } from './basic-auth.js';
import { clusterScope } from './cluster-scope.js';
import { conditionReads } from './condition-reads.js';
import { conflictingDefaults } from './conflicting-defaults.js';
import { contentType } from './content-type.js';
import { countArgument } from './count-argument.js';
import { droppedArgument } from './dropped-argument.js';
import { dryRunGate } from './dry-run-gate.js';
import { dryRunOutlasts } from './dry-run-outlasts.js';
import { duplicateMetric } from './duplicate-metric.js';
import { endlessStep } from './endless-step.js';
import { errorLimit } from './error-limit.js';
import { experimentEnds } from './experiment-ends.js';
import { experimentHashes } from './experiment-hashes.js';
import { failureCondition } from './failure-condition.js';
import { firstHolds } from './first-holds.js';
import { givenSettings } from './given-settings.js';
import { holdsPromote } from './holds-promote.js';
import { jsonPath } from './json-path.js';
import { limitsRefused } from './limits-refused.js';
import { missingArgument } from './missing-argument.js';
import { missingTemplate } from './missing-template.js';
import { neverEnds } from './never-ends.js';
import { noBackground } from './no-background.js';
import { noStable } from './no-stable.js';
import { noTraffic } from './no-traffic.js';
import { argumentNotText, notText } from './not-text.js';
import { givenToken, plainToken } from './plain-token.js';
import { promoteWithAll } from './promote-with-all.js';
import { givenArguments, requestArguments } from './request-arguments.js';
import { requestMethod } from './request-method.js';
import { requestPath } from './request-path.js';
import { rollbacksTolerated } from './rollbacks-tolerated.js';
import { secretReminder } from './secret-reminder.js';
import { selectionOfNothing, useSelectionOfNothing } from './selection-of-nothing.js';
import { silentPause } from './silent-pause.js';
import { stepTooShort } from './step-too-short.js';
import { successCondition } from './success-condition.js';
import { swappedHashes } from './swapped-hashes.js';
import { templateFieldRef } from './template-field-ref.js';
import { givenThresholdMode, thresholdMode } from './threshold-mode.js';
import { timeout } from './timeout.js';
import { undeclaredArgument } from './undeclared-argument.js';
import { unreachedPromotes } from './unreached-promotes.js';
import { weightArgument } from './weight-argument.js';
import { weightPods } from './weight-pods.js';

/** All rules, in the order in which they are listed. */
export const rules: readonly Rule[] = [
  holdsPromote,
  rollbacksTolerated,
  unreachedPromotes,
  successCondition,
  failureCondition,
  conditionReads,
  jsonPath,
  limitsRefused,
  countArgument,
  neverEnds,
  firstHolds,
  silentPause,
  errorLimit,
  timeout,
  requestMethod,
  requestPath,
  givenSettings,
  contentType,
  requestArguments,
  givenArguments,
  noStable,
  plainToken,
  givenToken,
  basicAuth,
  secretReminder,
  notText,
  argumentNotText,
  undeclaredArgument,
  templateFieldRef,
  missingArgument,
  conflictingDefaults,
  droppedArgument,
  swappedHashes,
  experimentHashes,
  weightArgument,
  weightPods,
  backgroundEnds,
  backgroundHolds,
  endlessStep,
  noBackground,
  noTraffic,
  experimentEnds,
  dryRunGate,
  dryRunOutlasts,
  selectionOfNothing,
  useSelectionOfNothing,
  promoteWithAll,
  duplicateMetric,
  clusterScope,
  missingTemplate,
  thresholdMode,
  givenThresholdMode,
  argoVersion,
  backgroundVersion,
  stepTooShort,
];
