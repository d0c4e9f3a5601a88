/** What a run has learned and may rely on until it changes it itself; a run is known by its settings. */
const learned = new WeakMap<object, Map<string, Promise<unknown>>>();

type Run = { settings: object };

/** Reads a fact once a run. One that could not be read is read again next time. */
export function once<T>(context: Run, fact: string, read: () => Promise<T>): Promise<T> {
  const facts = learned.get(context.settings) ?? new Map<string, Promise<unknown>>();
  learned.set(context.settings, facts);
  const known = facts.get(fact);
  // The name of a fact stands for its type: each is read in one place.
  if (known !== undefined) return known as Promise<T>;
  const reading = read();
  facts.set(fact, reading);
  reading.catch(() => facts.delete(fact));
  return reading;
}

/** What was learned under some settings holds under those that follow from them. */
export function inherit(from: Run, to: Run): void {
  const facts = learned.get(from.settings);
  if (facts !== undefined) learned.set(to.settings, facts);
}

/** For what this run is about to change, or must see as it stands now. */
export function forget(context: Run, fact: string): void {
  learned.get(context.settings)?.delete(fact);
}
