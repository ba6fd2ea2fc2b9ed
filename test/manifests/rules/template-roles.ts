/** What a template is for, by its name: a watch in the background may only roll back, anything else is a gate. */
import type { AnalysisTemplate } from '../argo-documents.js';

export type TemplateRole = 'background' | 'gate';

export function roleOf(template: AnalysisTemplate): TemplateRole {
  return template.metadata.name.endsWith('-background') ? 'background' : 'gate';
}
