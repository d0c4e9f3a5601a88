/** A session whose user gives replies that a test lists. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { parseArguments } from '../../../wizard/cli.ts';
import type { Answers, PlainAnswer } from '../../../wizard/model/answers.ts';
import type { Prompt, Reply } from '../../../wizard/model/question.ts';
import type { Session } from '../../../wizard/model/runtime.ts';

/** A folder with nothing in it. */
export const empty = mkdtempSync(join(tmpdir(), 'interview-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

export const sampleBook = fileURLToPath(new URL('../../../sandbox/book', import.meta.url));

export type SessionOptions = { cwd?: string; rehearsal?: boolean; argv?: string[] };

/** The prompts in order, and the notices; without replies no one can be asked. */
export function sessionWith(replies: Reply[] | null, options: SessionOptions = {}) {
  const prompts: Prompt[] = [];
  const notices: string[] = [];
  const { cwd = empty, rehearsal = false, argv = [] } = options;
  const session: Session = {
    runtime: {
      env: {},
      cwd,
      home: empty,
      platform: 'linux',
      stateDir: empty,
      payloadDir: empty,
      version: '0',
      rehearsal,
      fetch,
      now: Date.now,
      sleep: async () => undefined,
      signal: new AbortController().signal,
    },
    flags: parseArguments(argv).flags,
    operands: [],
    renderer: {
      canAsk: replies !== null,
      show: () => undefined,
      ask: async (prompt) => {
        prompts.push(prompt);
        const reply = replies?.shift();
        if (reply === undefined) throw new Error(`no reply to ${JSON.stringify(prompt)}`);
        return reply;
      },
      userActions: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
      }),
      close: async () => undefined,
    },
    emit: (event) => void (event.type === 'notice' && notices.push(event.message)),
    setDeployment: () => undefined,
  };
  return { session, prompts, notices };
}

/** Answers from the environment. */
export function plainAnswers(values: Partial<Record<PlainAnswer, string>>): Answers {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, source: 'environment', cleaned: [] }]),
  );
}

export const type = (raw: string): Reply => ({ type: 'value', raw });
export const choose = (value: string): Reply => ({ type: 'choice', value });
export const accept: Reply = { type: 'accept' };
export const back: Reply = { type: 'back' };
