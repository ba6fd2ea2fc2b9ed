import { modelEvents, type Config, type ModelEvents } from '../../config/index.js';
import type { EventTarget } from '../../ingest/events/index.js';
import { isName } from '../../ingest/line-fields.js';

/** The path that payload events are sent to, in the syntax of express. */
export const eventsPath = '/v1/events/:namespace/:model/:version';

const prefix = '/v1/events/';

/** Whose events a path is for, and what the config says of them. */
export interface EventRoute extends ModelEvents {
  readonly target: EventTarget;
}

/** So many paths are remembered, none of them longer than this. */
const [mostPaths, longestPath] = [1000, 1024];

/** Reads the paths of payload events, as express would. The same few come again and again, so they are remembered. */
export class EventRoutes {
  readonly #config: Config;
  readonly #known = new Map<string, EventRoute>();

  constructor(config: Config) {
    this.#config = config;
  }

  /** Undefined where a path is none of payload events, or has a name that cannot be used. */
  find(url: string): EventRoute | undefined {
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const target = targetOf(url);
    if (target === undefined) return undefined;
    const route = { target, ...modelEvents(this.#config, target.namespace, target.model) };
    if (url.length <= longestPath) {
      if (this.#known.size >= mostPaths) this.#known.clear();
      this.#known.set(url, route);
    }
    return route;
  }
}

/** The target of a request may be a whole address, as proxies send it. */
const origin = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

function targetOf(url: string): EventTarget | undefined {
  const [path = ''] = url.replace(origin, '').split(/[?#]/, 1);
  // As everywhere else, slashes that stand twice count once.
  const plain = path.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
  if (plain.slice(0, prefix.length).toLowerCase() !== prefix) return undefined;
  const names = plain.slice(prefix.length).split('/').map(decode);
  const [namespace, model, version] = names;
  if (names.length !== 3 || !isName(namespace) || !isName(model) || !isName(version)) return undefined;
  return { namespace, model, version };
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
