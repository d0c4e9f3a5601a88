/** Paths into a payload, as Qdrant's JSON paths: `a.b`, `a[].b`, `a[0]`, `"a.b".c`. */
import { formatError } from '../errors.ts';

type Payload = Record<string, unknown>;
/** A key, or the elements of a list: all of them, or the one at that index. */
type Part = { key: string } | { at: number | 'all' };

/** Throws 400 for a path that is none. */
export function parsePath(path: string): Part[] {
  const parts: Part[] = [];
  const pattern = /(?:^|\.)(?:"([^"]+)"|([\w-]+))|\[(\d*)\]/gy;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (match === null) throw formatError(`Invalid path: '${path}'`);
    const key = match[1] ?? match[2];
    if (key === undefined) parts.push({ at: match[3] === '' ? 'all' : Number(match[3]) });
    else parts.push({ key });
  }
  if (parts.length === 0) throw formatError(`Invalid path: '${path}'`);
  return parts;
}

/** Sets the fields of `values` and removes those that are null, as set payload does. */
export function mergeInto(payload: Payload, values: Payload): void {
  for (const [key, value] of Object.entries(values)) {
    if (value === null) delete payload[key];
    else payload[key] = value;
  }
}

/** The same in the object at a path; what is no object there becomes one. */
export function mergeAt(payload: Payload, { path, values }: { path: string; values: Payload }): void {
  mergeBelow({ holder: { root: payload }, key: 'root', parts: parsePath(path), values });
}

function mergeBelow(target: { holder: Payload; key: string; parts: Part[]; values: Payload }): void {
  const { holder, key, values } = target;
  const [part, ...parts] = target.parts;
  if (part === undefined) {
    if (!isRecord(holder[key])) holder[key] = {};
    mergeInto(holder[key] as Payload, values);
  } else if ('key' in part) {
    if (!isRecord(holder[key])) holder[key] = {};
    mergeBelow({ holder: holder[key] as Payload, key: part.key, parts, values });
  } else {
    if (!Array.isArray(holder[key])) holder[key] = [];
    const list = holder[key] as unknown[];
    for (const index of list.keys())
      if (part.at === 'all' || part.at === index)
        mergeBelow({ holder: list as unknown as Payload, key: String(index), parts, values });
  }
}

/** Removes what is at a path. */
export function deleteAt(payload: Payload, path: string): void {
  const parts = parsePath(path);
  const last = parts.pop();
  if (last === undefined || !('key' in last)) return;
  let holders: unknown[] = [payload];
  for (const part of parts) holders = holders.flatMap((holder) => childrenOf(holder, part));
  for (const holder of holders) if (isRecord(holder)) delete holder[last.key];
}

function childrenOf(holder: unknown, part: Part): unknown[] {
  if ('key' in part) return isRecord(holder) ? [holder[part.key]] : [];
  if (!Array.isArray(holder)) return [];
  return part.at === 'all' ? (holder as unknown[]) : [holder[part.at]];
}

/** The parts of a payload under some paths, or all others. */
export function pickPaths(payload: Payload, paths: readonly string[], { keep }: { keep: boolean }): Payload {
  const picked: Payload = {};
  const byKey = new Map<string, Part[][]>();
  for (const path of paths) {
    const [first, ...rest] = parsePath(path);
    if (first !== undefined && 'key' in first) byKey.set(first.key, [...(byKey.get(first.key) ?? []), rest]);
  }
  for (const [key, value] of Object.entries(payload)) {
    const below = byKey.get(key);
    const chosen = below === undefined ? (keep ? undefined : value) : pickBelow(value, below, keep);
    if (chosen !== undefined) picked[key] = chosen;
  }
  return picked;
}

function pickBelow(value: unknown, paths: Part[][], keep: boolean): unknown {
  if (paths.some((path) => path.length === 0)) return keep ? value : undefined;
  const inner = paths.map((path) => path.filter((part) => 'key' in part));
  if (inner.some((path) => path.length === 0)) return keep ? value : undefined;
  if (Array.isArray(value)) return (value as unknown[]).map((element) => pickBelow(element, paths, keep));
  if (!isRecord(value)) return keep ? undefined : value;
  const asText = inner.map((path) => path.map((part) => `"${(part as { key: string }).key}"`).join('.'));
  return pickPaths(value, asText, { keep });
}

export const isRecord = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
