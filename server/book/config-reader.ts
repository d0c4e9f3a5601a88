import { fieldsOf, isUnread, spreadKey, type Fields, type Value } from './static-value.ts';

export type ConfigReader = ReturnType<typeof configReader>;

/** Typed reads that take the likely value of what is computed, and say so. */
export function configReader(unknowns: string[]) {
  const settle = (from: Fields, key: string, path: string): Value => {
    const value = from[key];
    if (!isUnread(value)) return value;
    const likely = value.likely !== undefined && isUnread(value.likely) ? undefined : value.likely;
    const told = typeof likely === 'string' ? likely : JSON.stringify(likely);
    const taken = likely === undefined ? 'its default is taken' : `taken as ${told}`;
    unknowns.push(`\`${path}${key}\` is computed (${value.unread}); ${taken}`);
    return likely;
  };
  const takenIn = (fields: Fields, name: string): void => {
    const spread = fields[spreadKey];
    if (spread !== undefined && isUnread(spread))
      unknowns.push(`${name} takes in ${spread.unread}, which is not read`);
  };
  return {
    /** Says what the fields take in that nobody could read. */
    takenIn,
    text(from: Fields, key: string, path = ''): string | undefined {
      const value = settle(from, key, path);
      return typeof value === 'string' ? value : undefined;
    },
    flag(from: Fields, key: string, path = ''): boolean | undefined {
      const value = settle(from, key, path);
      return typeof value === 'boolean' ? value : undefined;
    },
    texts(from: Fields, key: string, path = ''): string[] | undefined {
      const value = settle(from, key, path);
      if (!Array.isArray(value)) return undefined;
      const unread = value.find(isUnread);
      if (unread === undefined) return value.filter((one) => typeof one === 'string');
      unknowns.push(`\`${path}${key}\` is computed (${unread.unread}); its default is taken`);
      return undefined;
    },
    fields(from: Fields, key: string, path = ''): Fields {
      const fields = fieldsOf(settle(from, key, path)) ?? {};
      takenIn(fields, `\`${path}${key}\``);
      return fields;
    },
  };
}
