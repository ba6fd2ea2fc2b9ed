import { KnativePlatform } from './knative-platform.js';
import type { Platform } from './platform.js';
import { SeldonDeploymentPlatform } from './seldon-deployment-platform.js';
import { SeldonExperimentPlatform } from './seldon-experiment-platform.js';
import { StandardPlatform } from './standard-platform.js';

/** Every platform that targets are tested on, each made anew. */
export const platforms: readonly { readonly name: string; readonly create: () => Platform }[] = [
  { name: 'kserve-knative', create: () => new KnativePlatform() },
  { name: 'kserve-standard', create: () => new StandardPlatform() },
  { name: 'seldon-deployment-istio', create: () => new SeldonDeploymentPlatform('istio') },
  { name: 'seldon-deployment-ambassador', create: () => new SeldonDeploymentPlatform('ambassador') },
  { name: 'seldon-experiment', create: () => new SeldonExperimentPlatform() },
];
