import type { Deployment } from '../run/event.ts';
import { describePlace, isVercelPlace } from '../formats/function-place.ts';
import { elapsed } from './elapsed.ts';
import { line, linkedLine, type Line } from './line.ts';
import { stepsTook, type View } from './view.ts';

/** The end of a run that did not fail: the cited answer, where everything is, what sleeps, what comes next. */
export function receiptLines(view: View): Line[] {
  const { finished } = view;
  if (finished === null) return [];
  const { deployment } = finished;
  return [
    headline(view, finished),
    ...answerLines(view, deployment),
    ...(deployment === null ? [] : deploymentLines(deployment, view)),
    ...nextLines(view, deployment),
  ];
}

/** A run whose proof is open is never shown as a success. */
function headline(view: View, { ok, deployment }: NonNullable<View['finished']>): Line {
  const time = elapsed(stepsTook(view));
  if (!ok) return line(`? Deployed in ${time}; that readers get an answer is not proved`, 'warn');
  const isProved = view.steps.some(({ step, state }) => step === 'prove' && isDone(state));
  const from = isProved && deployment?.frontend != null ? `, proved from ${deployment.frontend}` : '';
  return line(`✓ ${deployment?.health === 'healthy' ? 'Live' : 'Done'} in ${time}${from}`, 'good', 2);
}

function isDone(state: string): boolean {
  return state === 'changed' || state === 'unchanged';
}

/** The question and answer of the proof, with a link to what the answer cites. */
function answerLines({ answer, cited, steps, isOver }: View, deployment: Deployment | null): Line[] {
  if (answer === '') return [];
  const reason = steps.find(({ step }) => step === 'prove')?.reason ?? '';
  const question = /^Asked “(.+)”: cited/.exec(reason)?.[1];
  const [source] = cited;
  const base = deployment?.frontend ?? null;
  const link = source === undefined || base === null || isOver ? null : new URL(source, base).href;
  return [
    ...(question === undefined ? [] : [line(`  “${question}”`, 'strong', 2)]),
    line(`  ${shortened(answer)}`, 'plain', 2),
    ...(link === null ? [] : [linkedLine('  ', link)]),
  ];
}

const shownLetters = 280;

/** The beginning of a text, to the end of a sentence with its sources, or else of a word. */
function shortened(text: string): string {
  const all = text.replaceAll(/\s+/g, ' ').trim();
  if (all.length <= shownLetters) return all;
  const start = all.slice(0, shownLetters + 1);
  const sentences = /^.{60,}[.!?\]](?=\s(?!\[))/.exec(start)?.[0];
  return `${sentences ?? start.replace(/\s\S*$/, '')} …`;
}

const labelColumn = 11;
const label = (text: string): string => `  ${text.padEnd(labelColumn - 2)}`;

/** What is deployed, with its addresses; after a rehearsal, that it is gone. */
export function deploymentLines(deployment: Deployment, view: View): Line[] {
  const { space, url, frontend, health } = deployment;
  const isAsked = space !== null || health !== 'unknown';
  const state = isAsked ? ` ${health === 'unknown' ? 'health not known' : health}` : '';
  const place = space === null ? { label: 'Server', name: '' } : describePlace(space);
  const head = line(`${label(place.label)}${place.name}${state}`.trimEnd(), 'plain', labelColumn);
  if (view.isOver)
    return [head, line('  It was on this machine, and is gone with the rehearsal.', 'plain', 2)];
  return [
    ...(frontend === null ? [] : [linkedLine(label('Chat'), frontend)]),
    ...(url === null ? [] : [linkedLine(label('API'), url)]),
    head,
    ...madeLines(view),
  ];
}

/** What this run created, from its plan. */
function madeLines({ changes, steps }: View): Line[] {
  const made = changes
    .filter(
      ({ step, kind }) =>
        kind === 'new' && steps.some((other) => other.step === step && other.state === 'changed'),
    )
    .filter(({ step }) =>
      ['index-book', 'set-secrets', 'set-variables', 'upload-server', 'set-frontend-variable'].includes(step),
    )
    .map(({ what }) => (what.split(/[;=]/)[0] ?? '').trim());
  return made.length === 0 ? [] : [line(`${label('Created')}${made.join(', ')}`, 'plain', labelColumn)];
}

/** What a deployment may need later. */
function nextLines({ command, rehearsal }: View, deployment: Deployment | null): Line[] {
  const space = deployment?.space ?? null;
  if (command !== 'deploy' || rehearsal || space === null) return [];
  const sleep = isVercelPlace(space)
    ? 'after minutes without a reader; the next one waits a second or two'
    : 'after 48 hours without a reader; the next one waits about 20 s';
  return [
    line(`${label('Sleeps')}${sleep}`, 'dim', labelColumn),
    line(`${label('Next')}npx rag-space-setup index    after you edit the book`, 'plain', labelColumn),
    line(`${label('')}npx rag-space-setup rotate   to replace a key`, 'plain', labelColumn),
    line(`${label('')}npx rag-space-setup doctor   when something looks wrong`, 'plain', labelColumn),
    line(`${label('Undo')}npx rag-space-setup undo     removes what was created`, 'plain', labelColumn),
  ];
}
