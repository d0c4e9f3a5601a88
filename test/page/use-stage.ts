/** One stage for a file of tests, put back after each; what was seen is kept where the lane is told to. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openStage, type Look, type Seen, type Stage } from './stage.ts';

const { PAGE_CHROMIUM = '', PAGE_STILLS = '' } = process.env;

export type StageTools = {
  stage(): Stage;
  /** The page in the Hub's frame, once it has shown the services. */
  open(look?: Look, host?: string): Promise<Seen>;
  ask(text: string): Promise<void>;
  answered(): Promise<unknown>;
  still(name: string): Promise<void>;
};

export function useStage(): StageTools {
  let stage: Stage | null = null;
  let seen: Seen | null = null;

  beforeAll(async () => {
    if (PAGE_STILLS !== '') mkdirSync(PAGE_STILLS, { recursive: true });
    stage = await openStage(PAGE_CHROMIUM);
  });
  afterAll(() => stage?.close());
  afterEach(async () => {
    if (stage !== null) stage.edge.instead = null;
    stage?.vendors.gemini.controls['script']!(null);
    await seen?.context.close();
    seen = null;
  });
  const frame = () => seen!.frame;
  return {
    stage: () => stage!,
    async open(look, host) {
      seen = await stage!.framed(look, host);
      if (host === undefined) await frame().waitForSelector('#services li:not([data-state=starting])');
      return seen;
    },
    async ask(text) {
      await frame().fill('#question', text);
      await frame().press('#question', 'Enter');
    },
    answered: () => frame().waitForSelector('.answer:not([aria-busy]):last-of-type'),
    async still(name) {
      if (PAGE_STILLS !== '') await seen?.page.screenshot({ path: join(PAGE_STILLS, `${name}.png`) });
    },
  };
}
