import type { types } from 'mediasoup';
import { SfumatoError } from '../../signaling/contract/index.ts';
import type { PayloadTypes } from './media-codecs.ts';

export interface SharedRouter {
  router: types.Router;
  /** The last one to let go closes it. Idempotent. */
  release(): void;
}

/** Different sets of payload types at a time. There are as many as there are kinds of clients. */
const MAX_ROUTERS = 16;

/**
 * Routers of one Worker, one for each set of payload types. A WHEP client chooses its payload types itself
 * (RFC 3264 section 6.1), and mediasoup gives every Consumer of a Router the Router's own.
 */
export class SharedRouters {
  readonly #create: (payloadTypes: PayloadTypes) => Promise<types.Router>;
  readonly #routers = new Map<string, { router: Promise<types.Router>; users: number }>();

  constructor(create: (payloadTypes: PayloadTypes) => Promise<types.Router>) {
    this.#create = create;
  }

  async share(payloadTypes: PayloadTypes): Promise<SharedRouter> {
    const key = JSON.stringify(Object.entries(payloadTypes).toSorted());
    const shared = this.#routers.get(key) ?? this.#add(key, payloadTypes);
    shared.users += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      shared.users -= 1;
      if (shared.users > 0) return;
      this.#routers.delete(key);
      shared.router.then(
        (router) => router.close(),
        () => undefined,
      );
    };
    try {
      return { router: await shared.router, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #add(key: string, payloadTypes: PayloadTypes) {
    if (this.#routers.size >= MAX_ROUTERS) {
      throw new SfumatoError('overloaded', 'Too many kinds of clients at once.');
    }
    const shared = { router: this.#create(payloadTypes), users: 0 };
    this.#routers.set(key, shared);
    return shared;
  }
}
