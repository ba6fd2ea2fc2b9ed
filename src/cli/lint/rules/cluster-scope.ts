import type { TemplateReference } from '../argo/template-reference.js';
import type { Template } from '../argo/template.js';
import type { Rule } from '../rule.js';

/** The template of that name among the files that is of the other kind. */
export function ofOtherKind(
  { name, kind }: TemplateReference,
  templates: readonly Template[],
): Template | undefined {
  return templates.find((template) => template.name === name && template.kind !== kind && !template.isRun);
}

export const clusterScope: Rule = {
  name: 'cluster-scope',
  severity: 'error',
  what: 'clusterScope does not fit the template of that name among the files: Argo looks for one of the other kind',
  of: 'use',
  check: ({ missing }, { project }) =>
    missing.flatMap((reference) => {
      const other = ofOtherKind(reference, project.templates);
      if (other === undefined) return [];
      const { field, kind, name } = reference;
      const isCluster = other.kind === 'ClusterAnalysisTemplate';
      return [
        {
          field,
          message: `Argo looks for the ${kind} "${name}", and among the files it is ${isCluster ? 'a ClusterAnalysisTemplate' : 'an AnalysisTemplate'}: where there is no other one the Rollout is InvalidSpec`,
          fix: isCluster ? 'add clusterScope: true beside templateName' : 'leave clusterScope away',
        },
      ];
    }),
};
