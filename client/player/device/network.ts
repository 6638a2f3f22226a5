/** What the browser tells of the network (https://wicg.github.io/netinfo/, Chromium only). */
export type Network = {
  /** The person asked for data to be saved (https://wicg.github.io/savedata/). */
  saveData: boolean;
  effectiveType: EffectiveType | undefined;
  /** Such as `wifi`, `cellular`, `ethernet`. */
  type: string | undefined;
};

const EFFECTIVE_TYPES = ['slow-2g', '2g', '3g', '4g'] as const;
export type EffectiveType = (typeof EFFECTIVE_TYPES)[number];

/** @param connection `navigator.connection`, whatever it is here */
export function readNetwork(connection: unknown): Network {
  const told = Object(connection);
  const effectiveType: unknown = Reflect.get(told, 'effectiveType');
  const type: unknown = Reflect.get(told, 'type');
  return {
    saveData: Reflect.get(told, 'saveData') === true,
    effectiveType: EFFECTIVE_TYPES.find((known) => known === effectiveType),
    type: typeof type === 'string' && type !== 'unknown' ? type : undefined,
  };
}

/** `navigator.connection`; undefined where the browser has none. */
export function networkOfBrowser(): EventTarget | undefined {
  const connection: unknown = Reflect.get(navigator, 'connection');
  return connection instanceof EventTarget ? connection : undefined;
}

/** Networks of one kind carry about as much as one another: `wifi/4g`, `unknown`. */
export function networkKind({ type, effectiveType }: Network): string {
  return [type, effectiveType].filter((part) => part !== undefined).join('/') || 'unknown';
}
