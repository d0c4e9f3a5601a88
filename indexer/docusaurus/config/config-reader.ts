import { fieldsOf, isUnresolved, spreadKey, type StaticFields, type StaticValue } from './static-value.ts';

export type ConfigReader = ReturnType<typeof createConfigReader>;

/** Typed reads that take the likely value of what is computed, and say so. */
export function createConfigReader(unknowns: string[]) {
  const settle = (from: StaticFields, key: string, path: string): StaticValue => {
    const value = from[key];
    if (!isUnresolved(value)) return value;
    const likely = value.likely !== undefined && isUnresolved(value.likely) ? undefined : value.likely;
    const told = typeof likely === 'string' ? likely : JSON.stringify(likely);
    const taken = likely === undefined ? 'its default is taken' : `taken as ${told}`;
    unknowns.push(`\`${path}${key}\` is computed (${value.unread}); ${taken}`);
    return likely;
  };
  const takenIn = (fields: StaticFields, name: string): void => {
    const spread = fields[spreadKey];
    if (spread !== undefined && isUnresolved(spread))
      unknowns.push(`${name} takes in ${spread.unread}, which is not read`);
  };
  return {
    /** Says what the fields take in that nobody could read. */
    takenIn,
    text(from: StaticFields, key: string, path = ''): string | undefined {
      const value = settle(from, key, path);
      return typeof value === 'string' ? value : undefined;
    },
    flag(from: StaticFields, key: string, path = ''): boolean | undefined {
      const value = settle(from, key, path);
      return typeof value === 'boolean' ? value : undefined;
    },
    texts(from: StaticFields, key: string, path = ''): string[] | undefined {
      const value = settle(from, key, path);
      if (!Array.isArray(value)) return undefined;
      const unread = value.find(isUnresolved);
      if (unread === undefined) return value.filter((one) => typeof one === 'string');
      unknowns.push(`\`${path}${key}\` is computed (${unread.unread}); its default is taken`);
      return undefined;
    },
    fields(from: StaticFields, key: string, path = ''): StaticFields {
      const fields = fieldsOf(settle(from, key, path)) ?? {};
      takenIn(fields, `\`${path}${key}\``);
      return fields;
    },
  };
}
