import type { ChildProcess } from 'node:child_process';

/** A list of input actions, as WebDriver and WebDriver BiDi both take it. */
export type InputSource = { type: string; id: string; actions: object[]; parameters?: object };

/** A browser that is driven through its vendor's implementation of WebDriver. */
export type DrivenBrowser = {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, which JSON can hold. */
  evaluate<T>(expression: string): Promise<T>;
  perform(sources: InputSource[]): Promise<void>;
  back(): Promise<void>;
  /** A PNG of what the window shows. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
};

const longestWaitMs = 30_000;

/** Waits until an expression is true in the page. Throws with it after half a minute. */
export async function waitFor(browser: DrivenBrowser, expression: string): Promise<void> {
  const end = Date.now() + longestWaitMs;
  while (!(await browser.evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
    if (Date.now() > end) throw new Error(`It never became true: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Clicks with the mouse in the middle of an element that an expression finds. */
export async function click(browser: DrivenBrowser, element: string): Promise<void> {
  await waitFor(browser, element);
  const { x, y } = await browser.evaluate<{ x: number; y: number }>(`(() => {
    const element = ${element};
    element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    const { left, top, width, height } = element.getClientRects()[0];
    return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
  })()`);
  const press = [
    { type: 'pointerMove', x, y, duration: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  await browser.perform([
    { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: press },
  ]);
}

export const enter = '\uE007';
export const tab = '\uE004';
export const escape = '\uE00C';

/** Types into what has the focus. */
export async function type(browser: DrivenBrowser, text: string): Promise<void> {
  const actions = [...text].flatMap((value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ]);
  await browser.perform([{ type: 'key', id: 'keys', actions }]);
}

/** Ends a process of this lane, and waits for it. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill();
  await closed;
}
