import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Rule = {
  kind: 'ids' | 'links' | 'no page';
  rule: string;
  site: string;
  file: string;
  /** What stands in the file for the rule's sake. */
  source: string;
  url: string;
  ids: string[];
};

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join('test/fixtures', path), 'utf8')) as T;
}

/**
 * Each rule of Docusaurus for links and ids, with the place where it stands in a site that was really built.
 * `sites.test.ts` holds what is read against these builds; a rule that is taken out of the sites is missed here.
 */
const rules = read<Rule[]>('torture-rules.json');

/** Whether the wanted ids stand among the built ones, in this order and this often. */
function isWithin(wanted: readonly string[], built: readonly string[]): boolean {
  let at = -1;
  return wanted.every((id) => (at = built.indexOf(id, at + 1)) >= 0);
}

describe('each rule stands in a site that was built', () => {
  test.each(rules.map((one) => [one.kind, one.rule, one] as const))('%s: %s', (_kind, _rule, one) => {
    const path = join('test/fixtures/sites', one.site, one.file);
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain(one.source);
    const built = read<Record<string, string[]>>(`sites/${one.site}/expected.json`)[one.url];
    expect(built !== undefined, one.url).toBe(one.kind !== 'no page');
    expect(isWithin(one.ids, built ?? []), `${one.ids.join(' ')} in ${built?.join(' ')}`).toBe(true);
  });
});
