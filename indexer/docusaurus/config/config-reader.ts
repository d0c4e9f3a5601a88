import {
  fieldsOf,
  isUnresolved,
  spreadKey,
  type StaticFields,
  type StaticValue,
} from '../../../javascript/static/static-value.ts';

export type ConfigReader = ReturnType<typeof createConfigReader>;

/** Typed reads of a configuration. For a computed value they return its fallback, and add a sentence to `warnings`. */
export function createConfigReader(warnings: string[]) {
  const read = (from: StaticFields, key: string, path: string): StaticValue => {
    const value = from[key];
    if (!isUnresolved(value)) return value;
    const fallback = isUnresolved(value.fallback) ? undefined : value.fallback;
    const shown = typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
    const outcome = fallback === undefined ? 'its default is used' : `assumed to be ${shown}`;
    warnings.push(`\`${path}${key}\` is computed (${value.unresolved}); ${outcome}`);
    return fallback;
  };
  const reportSpread = (fields: StaticFields, name: string): void => {
    const spread = fields[spreadKey];
    if (isUnresolved(spread)) warnings.push(`${name} includes ${spread.unresolved}, which is not read`);
  };
  return {
    /** Warns about a spread into these fields that cannot be read. */
    reportSpread,
    string(from: StaticFields, key: string, path = ''): string | undefined {
      const value = read(from, key, path);
      return typeof value === 'string' ? value : undefined;
    },
    boolean(from: StaticFields, key: string, path = ''): boolean | undefined {
      const value = read(from, key, path);
      return typeof value === 'boolean' ? value : undefined;
    },
    strings(from: StaticFields, key: string, path = ''): string[] | undefined {
      const value = read(from, key, path);
      if (!Array.isArray(value)) return undefined;
      const computed = value.find(isUnresolved);
      if (computed === undefined) return value.filter((entry) => typeof entry === 'string');
      warnings.push(`\`${path}${key}\` is computed (${computed.unresolved}); its default is used`);
      return undefined;
    },
    fields(from: StaticFields, key: string, path = ''): StaticFields {
      const fields = fieldsOf(read(from, key, path)) ?? {};
      reportSpread(fields, `\`${path}${key}\``);
      return fields;
    },
  };
}
