import { readFileSync } from 'node:fs';

/** Resident memory of a process in bytes. */
export interface ProcessMemory {
  readonly now: number;
  /** The most that it ever was. */
  readonly peak: number;
}

/** What Linux says of the memory of a process. */
export function processMemory(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytesOf = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc has no ${field} of process ${pid}`);
    return Number(kibibytes) * 1024;
  };
  return { now: bytesOf('VmRSS'), peak: bytesOf('VmHWM') };
}

/** Bytes in whole mebibytes, as a person reads them. */
export function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
