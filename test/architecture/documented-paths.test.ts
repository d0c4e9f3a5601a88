import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './source-tree.ts';

/** Paths in backticks that begin with a folder of ours; `diagnose-….ts` and the like name a pattern. */
const path =
  /`((?:wizard|indexer|javascript|server|sandbox|test|eval|docs|bench|huggingface-spaces|\.ci)\/[\w./-]*)`/g;

it.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/chat-api.md', 'docs/eval.md'])(
  'every path that %s names exists',
  (page) => {
    const paths = [...readFileSync(join(root, page), 'utf8').matchAll(path)].map(([, name = '']) => name);
    expect(paths.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  },
);
