/** The source of an expression that only running the file could evaluate; `fallback` is its default in the source. */
export type UnresolvedValue = { unresolved: string; fallback?: StaticValue };
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
