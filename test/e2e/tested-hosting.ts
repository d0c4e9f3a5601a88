/**
 * The hosting that the tests of the main job deploy to: a Space, or with TEST_HOSTING=vercel a Vercel Function without a
 * Hugging Face account. `.ci/full` runs the same files for both.
 */
export type TestedHosting = {
  isSpace: boolean;
  /** Flags that choose it; with a name, that one instead of the default. */
  flags(name?: string): string[];
  /** The place's id in events and journals. */
  place(name?: string): string;
  /** The token of the account that runs the server. */
  token: 'HF_TOKEN' | 'VERCEL_TOKEN';
  service: 'huggingface' | 'vercel';
  /** The environment that this hosting needs of the sandbox's. */
  env(all: Record<string, string>): Record<string, string>;
};

const defaultName = 'sample-book-chat';

const space: TestedHosting = {
  isSpace: true,
  flags: (name) => (name === undefined ? [] : ['--space', `ana/${name}`]),
  place: (name = defaultName) => `ana/${name}`,
  token: 'HF_TOKEN',
  service: 'huggingface',
  env: (all) => all,
};

const vercel: TestedHosting = {
  isSpace: false,
  flags: (name) => ['--hosting', 'vercel', ...(name === undefined ? [] : ['--hosting-project', name])],
  place: (name = defaultName) => `vercel/~ana/${name}`,
  token: 'VERCEL_TOKEN',
  service: 'vercel',
  env: (all) => Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'HF_TOKEN')),
};

export const hosting = process.env['TEST_HOSTING'] === 'vercel' ? vercel : space;
