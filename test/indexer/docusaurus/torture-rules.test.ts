import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

type Rule = {
  kind: 'ids' | 'links' | 'no page';
  rule: string;
  site: string;
  file: string;
  /** The text in the file that the rule applies to. */
  source: string;
  url: string;
  ids: string[];
};

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join('test/fixtures', path), 'utf8')) as T;
}

/**
 * Each rule of Docusaurus for links and ids, with its example in a site that was built with Docusaurus.
 * `built-sites.test.ts` compares what is read with these builds; this test fails if an example is removed.
 */
const rules = read<Rule[]>('torture-rules.json');

/** Whether the built ids contain the expected ones, in this order and this often. */
function isWithin(expected: readonly string[], built: readonly string[]): boolean {
  let index = -1;
  return expected.every((id) => (index = built.indexOf(id, index + 1)) >= 0);
}

describe('each rule has an example in a built site', () => {
  test.each(rules.map((rule) => [rule.kind, rule.rule, rule] as const))('%s: %s', (_kind, _rule, rule) => {
    const path = join('test/fixtures/sites', rule.site, rule.file);
    expect(existsSync(path), path).toBe(true);
    expect(readFileSync(path, 'utf8')).toContain(rule.source);
    const built = read<Record<string, string[]>>(`sites/${rule.site}/expected.json`)[rule.url];
    expect(built !== undefined, rule.url).toBe(rule.kind !== 'no page');
    expect(isWithin(rule.ids, built ?? []), `${rule.ids.join(' ')} in ${built?.join(' ')}`).toBe(true);
  });
});
