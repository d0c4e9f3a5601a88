import { oneLine, redact } from '../../clients/redact.ts';
import { hubOf, secretValues, type SpaceContext } from '../context.ts';

export type LogKind = 'build' | 'run';

export type LogFollower = { take(): string[]; stop(): void };

/** Reads a Space's log in the background; what came since the last look is taken with `take`. */
export function followLog(context: SpaceContext, kind: LogKind): LogFollower {
  const stop = new AbortController();
  const values = secretValues(context);
  let lines: string[] = [];
  const read = async (): Promise<void> => {
    const log = hubOf(context).log({
      space: context.target.space,
      kind,
      idleMs: 120_000,
      signal: stop.signal,
    });
    for await (const line of log) lines.push(redact(line, values));
  };
  // A log is a comfort, never a reason to fail.
  read().catch(() => undefined);
  return {
    take: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
    stop: () => stop.abort(),
  };
}

/** The last lines of a log as it stands now. */
export async function logTail(
  context: SpaceContext,
  { kind, lines }: { kind: LogKind; lines: number },
): Promise<string[]> {
  const values = secretValues(context);
  const tail: string[] = [];
  const log = hubOf(context).log({ space: context.target.space, kind, idleMs: 1_500 });
  for await (const line of log) {
    tail.push(redact(line, values));
    if (tail.length > lines) tail.shift();
    context.signal.throwIfAborted();
  }
  return tail;
}

/** The line that most likely says why: the last that speaks of an error, else the last. */
export function errorLineIn(lines: readonly string[]): string {
  const speaking = lines.findLast((line) => /\b(error|failed|fatal|cannot|not found|denied)\b/i.test(line));
  return oneLine(speaking ?? lines.at(-1) ?? '');
}
