import { z } from 'zod';

/**
 * The source of an expression that only running the file could evaluate; `fallback` is its default in the source, and
 * `alternatives` are all that a condition chooses from.
 */
export type UnresolvedValue = {
  unresolved: string;
  fallback?: StaticValue;
  alternatives?: readonly StaticValue[];
};
export type StaticValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | StaticValue[]
  | UnresolvedValue
  | StaticFields;
export type StaticFields = { [key: string]: StaticValue };

const complete = Symbol('complete');

/** Marks an object as known in full: what it has no field for is `undefined`, not unknown. */
export function completeFields(fields: StaticFields): StaticFields {
  return Object.defineProperty({ ...fields }, complete, { value: true });
}

/** Whether an object was marked as known in full. */
export function isComplete(fields: StaticFields): boolean {
  return Object.hasOwn(fields, complete);
}

/** The key under which an object keeps a spread that could not be resolved. */
export const spreadKey = '...';

/** Whether only running the file could evaluate it. */
export function isUnresolved(value: StaticValue): value is UnresolvedValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    'unresolved' in value &&
    typeof value.unresolved === 'string'
  );
}

/** The object's fields; null for a value that is not an object. */
export function fieldsOf(value: StaticValue): StaticFields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUnresolved(value)) return null;
  return value;
}

/** Adds the fields of a spread to an object. */
export function mergeSpread(value: StaticFields, spread: StaticValue): void {
  if (isUnresolved(spread)) Object.assign(value, fieldsOf(spread.fallback), { [spreadKey]: spread });
  else Object.assign(value, fieldsOf(spread));
}

const json: z.ZodType<StaticValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(json),
    z.record(z.string(), json).refine((fields) => !('unresolved' in fields)),
  ]),
);

/** The value in a text of JSON; undefined where it is none. */
export function parsedJson(text: string): StaticValue {
  try {
    return json.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
