import { readFileSync } from 'node:fs';

/** Whose process the database server is to be. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: as root another user of the machine has to run it; else nobody has to. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].flatMap((wanted) => users.find(([name]) => name === wanted) ?? [])[0];
  const found = users.find(([name]) => name === user);
  const [, , uid, gid] = found ?? [];
  if (uid === undefined || gid === undefined) throw new Error('no user to run PostgreSQL as');
  return { uid: Number(uid), gid: Number(gid) };
}
