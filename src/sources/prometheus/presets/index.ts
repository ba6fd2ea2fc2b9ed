/** The presets by name. */
import { http, httpCode, httpStatusCode } from './http.js';
import { istio } from './istio.js';
import { knative } from './knative.js';
import { knativeOld } from './knative-1-18.js';
import { knativeEarly } from './knative-1-19.js';
import { kserve } from './kserve.js';
import { mlVerdict } from './ml-verdict.js';
import { mlserver } from './mlserver.js';
import type { Preset } from './preset.js';
import { seldonV1 } from './seldon-v1.js';
import { seldonV2 } from './seldon-v2.js';
import { triton } from './triton.js';
import { vllm } from './vllm.js';

export type { Gap, NamedSignals, Preset, PresetSignal } from './preset.js';

/** All of them, in the order in which the docs tell them. */
export const presets: readonly Preset[] = [
  http,
  httpCode,
  httpStatusCode,
  mlserver,
  kserve,
  knative,
  knativeEarly,
  knativeOld,
  seldonV1,
  seldonV2,
  triton,
  vllm,
  istio,
  mlVerdict,
];

export const presetNames: readonly string[] = presets.map(({ name }) => name);

/** The preset of a name; undefined where there is none. */
export function presetNamed(name: string): Preset | undefined {
  return presets.find((preset) => preset.name === name);
}
