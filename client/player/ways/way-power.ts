/** No browser tells of a saving mode; phones begin theirs at about this much. */
const LOW = 0.15;

/** Is the battery to be spared? @param battery a BatteryManager (https://www.w3.org/TR/battery-status/), whatever it is here */
export function sparesBattery(battery: unknown): boolean {
  const told = Object(battery);
  const level: unknown = Reflect.get(told, 'level');
  return Reflect.get(told, 'charging') === false && typeof level === 'number' && level <= LOW;
}

let battery: unknown;

/** Asks the browser, where it can be asked, so that `batteryIsLow` can answer at once. */
export async function askForBattery(): Promise<void> {
  const ask: unknown = Reflect.get(navigator, 'getBattery');
  if (typeof ask !== 'function') return;
  try {
    battery = await Reflect.apply(ask, navigator, []);
  } catch (error) {
    console.debug('sfumato: the battery', error);
  }
}

/** False until it is known. */
export function batteryIsLow(): boolean {
  return sparesBattery(battery);
}
