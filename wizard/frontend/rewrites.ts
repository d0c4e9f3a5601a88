import { z } from 'zod';

export const rewritesFile = 'vercel.json';

/** Stands for the Space's address in a change that is shown before there is one. */
export const laterAddress = 'https://ADDRESS-OF-THE-SPACE';

/** Comments are allowed there by nobody, so it is plain JSON. */
const schema = z.looseObject({
  rewrites: z.array(z.looseObject({ source: z.string(), destination: z.string() })).optional(),
});

/** A rule that hands `/api` on to another host, and a catch-all before it that would take its calls. */
export type Rewrite = { source: string; destination: string; isShadowed: boolean };

export function rewriteOf(text: string | undefined): Rewrite | null {
  const rules = rulesIn(text) ?? [];
  const at = rules.findIndex(
    ({ source, destination }) => source.startsWith('/api') && /^https?:/.test(destination),
  );
  const found = rules[at];
  if (found === undefined) return null;
  return {
    source: found.source,
    destination: found.destination,
    isShadowed: rules.slice(0, at).some(isCatchAll),
  };
}

/** The rules; null when the file is there and is no JSON of that form. */
export function rulesIn(text: string | undefined): readonly { source: string; destination: string }[] | null {
  if (text === undefined) return [];
  try {
    return schema.parse(JSON.parse(text)).rewrites ?? [];
  } catch {
    return null;
  }
}

/** `/(.*)`, `/:path*` and the like: it takes every path that no file answers. */
export function isCatchAll({ source }: { source: string }): boolean {
  return /^\/(?:\(\.\*\)|:\w+\*?(?:\(\.\*\))?|\(\?!.*|\(\(\?!.*)\/?$/.test(source);
}

/**
 * The file with a rule that hands `/api` on to the server, before every other rewrite and in place of an older one;
 * null when it is no JSON.
 */
export function withRewrite(text: string | undefined, api: string): string | null {
  const rules = rulesIn(text);
  if (rules === null) return null;
  const settings = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
  const others = rules.filter(
    ({ source, destination }) => !(source.startsWith('/api') && /^https?:/.test(destination)),
  );
  const rule = { source: '/api/:path*', destination: `${api}/api/:path*` };
  const indent = /^\{\n([ \t]+)/.exec(text ?? '')?.[1] ?? '  ';
  return `${JSON.stringify({ ...settings, rewrites: [rule, ...others] }, null, indent)}\n`;
}
