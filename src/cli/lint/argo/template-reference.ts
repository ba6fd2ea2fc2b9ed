import type { Field } from '../files/field.js';

/** Where a template is named. */
export interface TemplateReference {
  readonly field: Field;
  readonly name: string;
  readonly kind: 'AnalysisTemplate' | 'ClusterAnalysisTemplate';
}

/** Reads `{ templateName, clusterScope }`. */
export function templateReference(field: Field): TemplateReference {
  return {
    field: field.at('templateName'),
    name: field.at('templateName').text ?? '',
    kind: field.at('clusterScope').value === true ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate',
  };
}
