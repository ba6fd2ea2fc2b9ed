import { z } from 'zod';
import type { ImageStore } from './image-store.js';

const imageConfigSchema = z.object({
  User: z.string(),
  Env: z.array(z.string()),
  Entrypoint: z.array(z.string()),
  Cmd: z.array(z.string()),
  WorkingDir: z.string(),
  StopSignal: z.string(),
  ExposedPorts: z.record(z.string(), z.unknown()),
  Volumes: z.record(z.string(), z.unknown()),
  Labels: z.record(z.string(), z.string()),
  Healthcheck: z.object({ Test: z.array(z.string()), Timeout: z.number(), Interval: z.number() }),
});

/** What an image says of itself, in the names of its format. */
export type ImageConfig = z.output<typeof imageConfigSchema>;

export function readImageConfig(store: ImageStore, image: string): ImageConfig {
  const inspected: unknown = JSON.parse(store.buildah('inspect', '--type', 'image', image));
  return z.object({ Docker: z.object({ config: imageConfigSchema }) }).parse(inspected).Docker.config;
}
