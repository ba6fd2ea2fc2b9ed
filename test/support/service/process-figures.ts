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

/** The processor time that a process has had so far, in seconds. */
export function processorSeconds(pid: number): number {
  // Behind the name, which stands in brackets and may hold anything, the 12th and 13th field are times in ticks of 10 ms.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Bytes in whole mebibytes, as a person reads them. */
export function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
