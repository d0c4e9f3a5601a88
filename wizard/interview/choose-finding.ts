import type { ApiUrlDetection, ApiUrlFinding } from '../frontend/detect-api-url/detect-api-url.ts';
import { Failure } from '../model/failure.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from '../model/runtime.ts';

/**
 * The one that was named, or the only one; more of them are for the person to choose from, by their own lines. Null
 * where there is none, or none of the name that was given; `back` leads to what was asked before.
 *
 * @throws Failure `frontend-unclear` (input-missing) when nobody can be asked.
 */
export async function chooseFinding(
  { flags, renderer, runtime }: Pick<Session, 'flags' | 'renderer' | 'runtime'>,
  { findings }: Pick<ApiUrlDetection, 'findings'>,
): Promise<ApiUrlFinding | 'back' | null> {
  if (flags.frontendVariable !== null) return named(findings, flags.frontendVariable);
  const [first] = findings;
  if (first === undefined) return null;
  const differing = findings.filter((one) => one.variable !== null || one.mechanism === 'same-origin');
  const isClear = new Set(differing.map(({ variable }) => variable)).size <= 1;
  if (isClear) return first;
  const places = findings.map((one) => ({
    one,
    at: `${one.location.file}:${one.location.line}: ${one.location.text}`,
  }));
  if (flags.yes || !renderer.canAsk) throw unclear(places.map(({ at }) => at));
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'FRONTEND_VARIABLE',
      title: 'Which of these does the chat use?',
      lines: places.map(({ at }) => at),
      choices: places.map(({ one }, index) => ({
        value: String(index),
        label: one.variable ?? one.source.name,
        note: `${one.location.file}:${one.location.line}`,
      })),
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  return findings[Number(reply.value)] ?? first;
}

/** An address that is written there gets the name that was given. */
function named(findings: readonly ApiUrlFinding[], variable: string): ApiUrlFinding | null {
  const found = findings.find((one) => one.variable === variable);
  const written = findings.find(({ mechanism, reachesPages }) => mechanism === 'written-in' && !reachesPages);
  return found ?? (written === undefined ? null : { ...written, variable });
}

function unclear(places: readonly string[]): Failure {
  return new Failure({
    kind: 'input-missing',
    code: 'frontend-unclear',
    message: `The frontend reads its server's address in more than one way: ${places.join('; ')}.`,
    remedy: 'Say which the chat uses with --frontend-variable NAME.',
    service: 'vercel',
  });
}
