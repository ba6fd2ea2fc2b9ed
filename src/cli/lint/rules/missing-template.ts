import type { Rule } from '../rule.js';
import { ofOtherKind } from './cluster-scope.js';

export const missingTemplate: Rule = {
  name: 'missing-template',
  severity: 'note',
  what: 'a template that is not among the files, so that this analysis is checked in part only',
  of: 'use',
  check: ({ missing }, { project }) =>
    missing
      .filter((reference) => ofOtherKind(reference, project.templates) === undefined)
      .map(({ field, kind, name }) => ({
        field,
        message: `the ${kind} "${name}" is not among the files: this analysis is not checked`,
        fix: 'name its file as well',
      })),
};
