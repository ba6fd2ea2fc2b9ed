/**
 * Why a file could not be read or written, in words.
 *
 * @param missing what is not there: the file itself, or the folder that it was to be written to
 */
export function reasonOfFileError(error: unknown, missing: 'file' | 'folder' = 'file'): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return `there is no such ${missing}`;
    case 'EISDIR':
      return 'it is a directory, expected a file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space is left on the disk';
    default:
      return error instanceof Error ? error.message : 'unknown reason';
  }
}
