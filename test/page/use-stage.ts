/** One stage for all tests of a file, reset after each. Screenshots go to `PAGE_STILLS`, if set. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openStage, sampleBook, type Viewport, type OpenPage, type Stage } from './stage.ts';

const { PAGE_CHROMIUM = '', PAGE_STILLS = '' } = process.env;

export type StageTools = {
  stage(): Stage;
  /** Opens the page in the Hub's frame and waits until it shows the services. */
  open(viewport?: Viewport, host?: string): Promise<OpenPage>;
  ask(text: string): Promise<void>;
  answered(): Promise<unknown>;
  still(name: string, page?: Page): Promise<void>;
};

/** `settings` are further variables of the server; `dir` is the book's folder. */
export function useStage(settings: Record<string, string> = {}, dir = sampleBook): StageTools {
  let stage: Stage | null = null;
  let opened: OpenPage | null = null;

  beforeAll(async () => {
    if (PAGE_STILLS !== '') mkdirSync(PAGE_STILLS, { recursive: true });
    stage = await openStage(PAGE_CHROMIUM, settings, dir);
  });
  afterAll(() => stage?.close());
  afterEach(async () => {
    if (stage !== null) Object.assign(stage.edge, { instead: null, site: null });
    stage?.vendors.gemini.controls['script']!(null);
    await opened?.context.close();
    opened = null;
  });
  const frame = () => opened!.frame;
  return {
    stage: () => stage!,
    async open(viewport, host) {
      opened = await stage!.framed(viewport, host);
      if (host === undefined) await frame().waitForSelector('#services li:not([data-state=starting])');
      return opened;
    },
    async ask(text) {
      await frame().fill('#question', text);
      await frame().press('#question', 'Enter');
    },
    answered: () => frame().waitForSelector('.answer:not([aria-busy]):last-of-type'),
    async still(name, page = opened?.page) {
      if (PAGE_STILLS !== '') await page?.screenshot({ path: join(PAGE_STILLS, `${name}.png`) });
    },
  };
}
