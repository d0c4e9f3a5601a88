import { line, type Line } from '../model/display/line.ts';
import { eventLines, finishedLines, stepLine } from '../model/display/lines.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { Prompt, Reply } from '../model/question.ts';
import type { Renderer } from '../model/renderer.ts';
import { emptyView, foldView, runningSteps } from '../model/display/view.ts';
import { createUserActionQueue } from './user-actions.ts';
import { nonInteractiveFailure } from './non-interactive.ts';
import { answeredLines } from './prompt-lines.ts';
import { askPlain } from './ask-plain.ts';
import { createLineReader } from './line-reader.ts';
import { textOf } from './wrap.ts';

/** Interval of the lines that show progress during a long wait. */
const heartbeatMs = 30_000;

type PlainRendererOptions = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  now: () => number;
  canAsk: boolean;
};

/** Renders as lines that are only appended, without colours; choices are numbered. */
export function createPlainRenderer({ stdin, stdout, now, canAsk }: PlainRendererOptions): Renderer {
  const userActions = createUserActionQueue();
  let view = emptyView;
  let isReaderGone = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isReaderGone = true;
  });
  const write = (text: string): void => {
    if (!isReaderGone) stdout.write(text);
  };
  const mark = (lines: Line[]): Line[] => {
    const [first, ...rest] = lines;
    return view.rehearsal && first !== undefined ? [line(`REHEARSAL  ${first.text}`), ...rest] : lines;
  };
  const reader = createLineReader({ stdin, write, onCancel: () => userActions.push({ type: 'cancel' }) });
  // Lines are wrapped for a terminal only, not for a file or pipe.
  const textFor = (lines: readonly Line[]): string => textOf(lines, stdout.isTTY ? stdout.columns : null);
  const print = (lines: readonly Line[], isWhole = false): void =>
    reader.print(isWhole ? textOf(lines, null) : textFor(lines));
  const heartbeat = setInterval(() => {
    const time = now();
    print(runningSteps(view).map((step) => line(`Still running: ${stepLine(view, step, time).text}`)));
  }, heartbeatMs);
  heartbeat.unref();

  const ask = async (prompt: Prompt, signal: AbortSignal): Promise<Reply> => {
    const reply = await askPlain({
      prompt,
      reader: reader,
      write: (lines) => write(textFor(lines)),
      mark,
      open: (url) => userActions.push({ type: 'open-page', url }),
      signal,
    });
    if (prompt.type === 'value' && prompt.question.masked) print(answeredLines(prompt, reply));
    return reply;
  };

  return {
    canAsk,
    show: (event) => {
      view = foldView(view, event, now());
      print(
        event.type === 'run-finished'
          ? mark(finishedLines(view))
          : plainLines(event, { canAsk, isTerminal: stdout.isTTY === true, mark, now, view }),
        isVerbatim(event),
      );
    },
    ask: (prompt, { signal }) =>
      canAsk ? ask(prompt, signal) : Promise.reject(nonInteractiveFailure(prompt)),
    userActions: () => userActions.iterate(),
    close: async () => {
      clearInterval(heartbeat);
      reader.close();
      userActions.end();
      if (!isReaderGone) await new Promise<void>((resolve) => void stdout.write('', () => resolve()));
    },
  };
}

/** Events whose text is not wrapped: logs of vendors, and a diff to copy. */
function isVerbatim(event: RunEvent): boolean {
  return (
    event.type === 'log' ||
    (event.type === 'notice' && (event.code === 'frontend-diff' || event.code === 'file-diff'))
  );
}

type PlainLineOptions = {
  canAsk: boolean;
  /** Whether a person reads it, and no file. */
  isTerminal: boolean;
  mark: (lines: Line[]) => Line[];
  now: () => number;
  view: ReturnType<typeof foldView>;
};

/** Lines of an event. Without a live area the start of a step is a line too; logs appear in CI, or after a failure. */
function plainLines(event: RunEvent, { canAsk, isTerminal, mark, now, view }: PlainLineOptions): Line[] {
  switch (event.type) {
    case 'run-started':
      return mark(eventLines(event));
    case 'step-started':
      return runningSteps(view)
        .filter(({ step }) => step === event.step)
        .map((step) => line(stepLine(view, step, now()).text.replace(/, 0:00/, '…')));
    case 'log':
      if (view.command === 'logs' || event.source === 'report') return [line(event.text)];
      // A notice has the same in fewer lines.
      if (canAsk || event.source === 'book-details') return [];
      return [line(`  ${event.source}: ${event.text}`)];
    case 'step-done': {
      const failedLog = event.outcome === 'failed' && canAsk ? view.log : [];
      return [...failedLog.map(({ source, text }) => line(`  ${source}: ${text}`)), ...eventLines(event)];
    }
    default:
      return eventLines(event, { mayShowLinks: isTerminal });
  }
}
