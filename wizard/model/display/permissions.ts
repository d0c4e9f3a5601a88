import { line, linkLine, type Line } from './line.ts';

/** What a secret may do, in short phrases for a person; as far as its service tells. */
export type Permissions = {
  /** What this tool does with it. */
  needed: readonly string[];
  /** What it is, and what it may do of that. */
  has: readonly string[];
  /** What it may do beyond. */
  excess: readonly string[];
  /** Where a narrower one is made. */
  page: string;
};

/** One line each; the page comes below what is too much, and only there. */
export function permissionLines({ needed, has, excess, page }: Permissions): Line[] {
  const row = (label: string, what: string): Line => line(`  ${label.padEnd(10)}${what}`, 'dim', 12);
  const rows = [row('needs', needed.join(', ')), row('has', has.join(', '))];
  if (excess.length === 0) return rows;
  return [
    ...rows,
    row('beyond', `${excess.join(', ')}. It works; a narrower one is made at`),
    linkLine(page),
  ];
}
