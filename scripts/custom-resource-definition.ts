import { stringify } from 'yaml';
import { customResourceDefinition } from '../src/progressive/resource/index.js';

/** The definition of the custom resource as the file that is applied. */
export function customResourceDefinitionFile(): string {
  // Through JSON, which leaves out what is undefined.
  const definition: unknown = JSON.parse(JSON.stringify(customResourceDefinition()));
  return [
    '# Made by `npm run generate` from the schemas that the controller reads with; do not edit.',
    stringify(definition, { lineWidth: 0, singleQuote: true }),
  ].join('\n');
}
