/** Each file says first what it demonstrates and what it needs. */
import type { FieldError } from '../../../src/domain/errors.js';

export function checkLeadingComment(text: string): readonly FieldError[] {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const comment = lines.slice(0, end);
  const found: FieldError[] = [];
  if (!comment[0]?.startsWith('# This example demonstrates ')) {
    found.push({ path: '', message: 'the first line has to be "# This example demonstrates …"' });
  }
  const start = comment.indexOf('# Prerequisites:');
  if (start === -1 || !comment.slice(start).some((line) => /^# +kubectl /.test(line))) {
    found.push({
      path: '',
      message: 'the leading comment needs "# Prerequisites:" with its kubectl commands',
    });
  }
  return found;
}
