import { isDeepStrictEqual } from 'node:util';
import { pointerPart, type PatchOperation } from '../../cluster/patch-operation.js';

type Fields = Readonly<Record<string, unknown>>;

/** What makes one model of another, in the order it is written; nothing where it is that one already. Null takes a field away. */
export function modelChanges(model: Fields, wanted: Fields, at: string): readonly PatchOperation[] {
  return Object.entries(wanted).flatMap(([name, value]): readonly PatchOperation[] => {
    const path = `${at}/${pointerPart(name)}`;
    if (value === null) return name in model ? [{ op: 'remove', path }] : [];
    return isDeepStrictEqual(model[name], value) ? [] : [{ op: 'add', path, value }];
  });
}

/** The model with these fields. */
export function changedModel(model: Fields, wanted: Fields): Fields {
  return Object.fromEntries(Object.entries({ ...model, ...wanted }).filter(([, value]) => value !== null));
}
