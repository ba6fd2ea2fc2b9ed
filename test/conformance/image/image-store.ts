import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../tools/run-tool.js';

/** Images and containers of buildah in a folder of their own, so that those of the machine are left alone. */
export class ImageStore {
  /** For what belongs to the images and goes with them. */
  readonly folder = mkdtempSync(join(tmpdir(), 'ml-verdict-image-'));

  /** Runs buildah; the answer is what it says, without the last newline. */
  buildah(...args: readonly string[]): string {
    const places = ['--root', join(this.folder, 'storage'), '--runroot', join(this.folder, 'run')];
    // Both work as root of a container or a small machine, without a kernel module or a service.
    const env = { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' };
    return runTool('buildah', [...places, ...args], { env }).trimEnd();
  }

  /** Makes an image of a base and what `fill` puts into its root folder. */
  make(name: string, base: string, fill: (folder: string) => void): void {
    const container = this.buildah('from', base);
    fill(this.buildah('mount', container));
    this.buildah('config', '--env', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', container);
    this.buildah('commit', '--quiet', '--format', 'docker', '--rm', container, name);
  }

  /** The root folder of an image, to be looked at and run. */
  mount(image: string): string {
    return this.buildah('mount', this.buildah('from', '--pull-never', image));
  }

  /** A new folder under `folder`. */
  makeFolder(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Removes all of it, also where buildah cannot. */
  remove(): void {
    try {
      this.buildah('rm', '--all');
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
