import type { Field } from '../files/field.js';

/** An object of a manifest, with the names that others know it by. */
export abstract class LintedObject {
  readonly root: Field;
  readonly kind: string;
  readonly name: string;
  /** Undefined where it comes with whoever applies it. */
  readonly namespace: string | undefined;

  constructor(root: Field) {
    this.root = root;
    this.kind = root.at('kind').text ?? '';
    this.name = root.at('metadata', 'name').text ?? root.at('metadata', 'generateName').text ?? '(no name)';
    this.namespace = root.at('metadata', 'namespace').text;
  }

  /** `Rollout/fraud-detector`. */
  get title(): string {
    return `${this.kind}/${this.name}`;
  }
}
