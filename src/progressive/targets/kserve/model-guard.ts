import { pointerPart, type PatchOperation } from '../../cluster/patch-operation.js';
import { isRecord } from '../../cluster/read-object.js';
import { textAt, valueAt } from '../json-at.js';

/**
 * The change is for this model: its storage address where it has one, under `model` or a framework's own field, else all that
 * says what it is.
 *
 * @param at where the predictor stands: `/spec/predictor`
 */
export function modelGuard(
  predictor: Readonly<Record<string, unknown>>,
  at: string,
): readonly PatchOperation[] {
  const names = ['model', ...Object.keys(predictor).sort()];
  const addressed = names.find((name) => textAt(predictor, name, 'storageUri') !== undefined);
  if (addressed !== undefined) {
    const path = `${at}/${pointerPart(addressed)}/storageUri`;
    return [{ op: 'test', path, value: textAt(predictor, addressed, 'storageUri') }];
  }
  const whole = ['model', 'containers'].find(
    (name) => isRecord(predictor[name]) || Array.isArray(predictor[name]),
  );
  return whole === undefined
    ? []
    : [{ op: 'test', path: `${at}/${whole}`, value: valueAt(predictor, whole) }];
}
