import type { KubernetesObject } from '../../../progressive/cluster/kubernetes-object.js';
import { printable } from '../../output/printable.js';
import { paintVerdict, type Colours } from '../../output/verdict-table.js';
import { controllerRefusal, isWaitingItsTurn } from '../controller-refusal.js';
import { storedRollout } from '../stored-rollout.js';
import { phaseWords } from './phase-words.js';
import type { ShownRefusal } from './shown-rollout.js';

/** A ModelRollout as a row of a list; a wide one has its versions too, and why it stands as it does. */
export function rolloutRow(object: KubernetesObject, wide: boolean, colours: Colours): readonly string[] {
  const { name, namespace = '' } = object.metadata;
  const place = [printable(namespace), printable(name)];
  const stored = storedRollout(object, Date.now());
  if (typeof stored === 'string') {
    const refusal = controllerRefusal(object);
    const phase = refusal === undefined ? 'refused' : refusedWords(refusal);
    const why = refusal?.message ?? stored;
    return [...place, phase, '-', '-', ...(wide ? ['-', '-', printable(why)] : [])];
  }
  const { state, refusal } = stored.shown;
  const { lastVerdict: verdict, percent, canary, stable } = state;
  const why = refusal?.message ?? verdict?.sentence ?? '-';
  return [
    ...place,
    refusal === undefined ? phaseWords(state) : refusedWords(refusal),
    String(percent),
    verdict === null ? '-' : paintVerdict(verdict.verdict, colours),
    ...(wide ? [printable(canary ?? '-'), printable(stable ?? '-'), printable(why)] : []),
  ];
}

function refusedWords(refusal: ShownRefusal): string {
  return `${isWaitingItsTurn(refusal) ? 'waiting' : 'refused'}: ${printable(refusal.reason)}`;
}
