import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './source-tree.ts';

const releases = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  .split(/^(?=## )/m)
  .slice(1);

describe.each(releases.map((text) => [text.split('\n', 1)[0] ?? '', text]))(
  'the changelog: %s',
  (_, text) => {
    it('is merged to what a user needs to know: at most 54 lines', () => {
      expect(text.trim().split('\n').length).toBeLessThanOrEqual(54);
    });

    it('has the sections of CONTRIBUTING, in their order', () => {
      const sections = [...text.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
      const order = ['Added', 'Changed', 'Fixed', 'Security'];
      expect(sections).toEqual(order.filter((title) => sections.includes(title)));
    });
  },
);
