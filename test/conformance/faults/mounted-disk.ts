import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system of a test's own, mounted in a temporary folder. Only root may mount one. */
export class MountedDisk {
  /** Where its files are. */
  readonly folder: string;
  readonly #place: string;
  readonly #ballast: string;
  readonly #mount: (folder: string) => void;

  private constructor(place: string, mount: (folder: string) => void) {
    this.#place = place;
    this.#mount = mount;
    this.folder = mkdtempSync(join(place, 'disk-'));
    this.#ballast = join(this.folder, 'ballast');
    mount(this.folder);
  }

  /** A file system in memory that holds so many bytes. */
  static inMemory(bytes: number): MountedDisk {
    return new MountedDisk(place(), (folder) => {
      run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder);
    });
  }

  /** An ext4 file system in a file, which {@link abort} can make fail. */
  static inFile(bytes: number): MountedDisk {
    const around = place();
    const image = imageIn(around);
    writeFileSync(image, '');
    truncateSync(image, bytes);
    run('mkfs.ext4', '-q', '-F', image);
    return new MountedDisk(around, (folder) => {
      run('mount', '-o', 'loop,errors=remount-ro', image, folder);
    });
  }

  /** Takes all the space that is left, but for so many bytes. */
  fill(exceptBytes: number): void {
    const { bavail, bsize } = statfsSync(this.folder);
    try {
      writeFileSync(this.#ballast, Buffer.alloc(Math.max(0, bavail * bsize - exceptBytes), 1));
    } catch (error) {
      // Others write as well; it is as full as it was to be.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  /** Gives back what {@link fill} took. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** What the kernel does when it meets a damaged file system: nothing can be written any more, also to open files. */
  abort(): void {
    run('mount', '-o', 'remount,abort', this.folder);
  }

  /** Checks and mounts it again, as after a restart of the machine. */
  repair(): void {
    run('umount', this.folder);
    // 1: mistakes were found and mended.
    const { status } = spawnSync('e2fsck', ['-f', '-y', imageIn(this.#place)], { stdio: 'ignore' });
    if (status === null || status > 1) throw new Error(`e2fsck ended with ${status ?? 'a signal'}`);
    this.#mount(this.folder);
  }

  remove(): void {
    run('umount', '--lazy', this.folder);
    rmSync(this.#place, { recursive: true, force: true });
  }
}

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-disk-'));
  chmodSync(folder, 0o755);
  return folder;
}

function imageIn(folder: string): string {
  return join(folder, 'image');
}

function run(command: string, ...argv: readonly string[]): void {
  execFileSync(command, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
}
