import { oneLine, redact } from '../../clients/redact.ts';
import { hubOf, type SpaceAccess } from './space-access.ts';

export type LogKind = 'build' | 'run';

/** A log that is read in the background. */
export type LogFollower = {
  /** The lines that came since the last call. */
  take(): string[];
  stop(): void;
};

type LogOptions = {
  kind: LogKind;
  /** Values that no line may show. */
  secrets: readonly string[];
};

/** Milliseconds of silence that end a followed log, and one that is only read up to now. */
const followIdleMs = 120_000;
const tailIdleMs = 1_500;

/** Follows a Space's log in the background. */
export function followLog(access: SpaceAccess, { kind, secrets }: LogOptions): LogFollower {
  const { space } = access.target;
  const stop = new AbortController();
  let lines: string[] = [];
  const read = async (): Promise<void> => {
    const log = hubOf(access).log({ space, kind, idleMs: followIdleMs, signal: stop.signal });
    for await (const line of log) lines.push(redact(line, secrets));
  };
  // The log is a courtesy: not being able to read it fails nothing.
  read().catch(() => undefined);
  return {
    take: () => {
      const fresh = lines;
      lines = [];
      return fresh;
    },
    stop: () => stop.abort(),
  };
}

/** The last lines of a Space's log up to now. */
export async function logTail(
  access: SpaceAccess,
  { kind, secrets, lines }: LogOptions & { lines: number },
): Promise<string[]> {
  const { space } = access.target;
  const tail: string[] = [];
  for await (const line of hubOf(access).log({ space, kind, idleMs: tailIdleMs })) {
    tail.push(redact(line, secrets));
    if (tail.length > lines) tail.shift();
    access.signal.throwIfAborted();
  }
  return tail;
}

/** A line of the levels below a warning, as text and as the JSON of the server's log. */
const informational =
  /^\W*(?:info|debug|trace|notice)\b|"level":(?:"(?:info|debug|trace)"|[1-3]0\b)|\b(?:0|no) errors?\b/i;

/** The line that most likely gives the reason: the last that mentions an error; empty when none does. */
export function errorLineIn(lines: readonly string[]): string {
  const line = lines.findLast(
    (text) =>
      /error\b|\b(failed|fatal|cannot|not found|denied|killed|out of memory)\b/i.test(text) &&
      !informational.test(text),
  );
  return oneLine(line ?? '');
}
