import { line, linked, type Line } from './line.ts';

/** What a secret may do, in short phrases for a person; as far as its service tells. */
export type Rights = {
  /** What this tool does with it. */
  needed: readonly string[];
  /** What it is, and what it may do of that. */
  has: readonly string[];
  /** What it may do beyond. */
  excess: readonly string[];
  /** Where a narrower one is made. */
  page: string;
};

/** As one sentence; the page stands below what is too much, and below nothing else. */
export function rightsLines({ needed, has, excess, page }: Rights): Line[] {
  const said = `  needs ${needed.join(', ')}; has ${has.join(', ')}`;
  if (excess.length === 0) return [line(said, 'dim', 2)];
  return [line(`${said}; more than needed: ${excess.join(', ')}. A narrower one:`, 'dim', 2), linked(page)];
}
