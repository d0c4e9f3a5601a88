import type { Deployment, RunEvent } from '../run/event.ts';
import type { Change, Plan, Target } from '../run/plan.ts';
import { line, linkLine, textLines, type Line, type Tone } from './line.ts';
import { stepTitles } from '../run/plan.ts';
import { permissionLines } from './permissions.ts';
import { serviceTitles } from '../service.ts';
import { runningSteps, stepsTook, type CheckView, type StepView, type View } from './view.ts';

/** `1:12`, or `1:02:05` from an hour on. */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const pad = (part: number): string => String(part).padStart(2, '0');
  const tail = `${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`;
}

const verdictWords = {
  accepted: { text: 'accepted', sign: '✓', tone: 'good' },
  rejected: { text: 'rejected', sign: '✗', tone: 'bad' },
  unreachable: { text: 'not reached', sign: '?', tone: 'warn' },
} as const;

const outcomeWords = {
  changed: { text: '', sign: '✓', tone: 'good' },
  unchanged: { text: 'unchanged', sign: '=', tone: 'dim' },
  skipped: { text: 'skipped', sign: '-', tone: 'dim' },
  unproven: { text: 'not proved', sign: '?', tone: 'warn' },
  failed: { text: 'failed', sign: '✗', tone: 'bad' },
} as const;

const changeTones = {
  new: 'good',
  changes: 'warn',
  unchanged: 'dim',
  unknown: 'warn',
  // It goes.
  extra: 'bad',
} as const satisfies Record<Change['kind'], Tone>;

function targetLine({ space, project, team, environment }: Target): Line {
  const frontend =
    project === null ? '' : `; Vercel ${team === null ? '' : `${team}/`}${project}, ${environment}`;
  if (space === null && project === null) return line('The Qdrant collection alone', 'strong');
  return line(`${space === null ? 'A server elsewhere' : `Hugging Face ${space}`}${frontend}`, 'strong');
}

/** The plan: its one target, then a line for each change; steps that have the same to say share one. */
export function planLines({ target, changes }: Pick<Plan, 'target' | 'changes'>): Line[] {
  const rows = new Map(
    changes.map(({ kind, service, what }) => {
      const text = `${kind.padEnd(9)}  ${serviceTitles[service]}: ${what}`;
      return [text, line(text, changeTones[kind], 11)];
    }),
  );
  const isIdle = changes.every(({ kind }) => kind === 'unchanged');
  const idle = isIdle ? [line('No changes.')] : [];
  return [line('Plan', 'strong'), targetLine(target), ...rows.values(), ...idle];
}

/** What is deployed, one address per line; after a rehearsal, that it is gone. */
function deploymentLines({ space, url, frontend, health }: Deployment, view: View): Line[] {
  const isElsewhere = space === null;
  const whose = isElsewhere ? 'Server' : `Space ${space}`;
  const isAsked = !isElsewhere || health !== 'unknown';
  const head = line(isAsked ? `${whose}: ${health === 'unknown' ? 'health not known' : health}` : whose);
  if (view.isOver) return [head, line('It was on this machine, and is gone with the rehearsal.')];
  return [
    head,
    ...(url === null ? [] : [linkLine(url)]),
    ...(frontend === null ? [] : [line('Frontend'), linkLine(frontend)]),
  ];
}

/** What was changed before the run ended early. */
function changedLines(view: View): Line[] {
  const made = view.steps.filter(({ state }) => state === 'changed');
  // Commands that only read report no changes.
  if (['doctor', 'status', 'logs'].includes(view.command)) return [];
  const isSaid = view.finished?.failure?.kind === 'cancelled';
  const hasBegun = view.steps.some(({ state }) => state !== 'waiting');
  if (made.length === 0) return isSaid || hasBegun ? [] : [line('Nothing was changed.')];
  const names = made.map(({ step }) => stepTitles[step]).join(', ');
  return [line(`Done before it ended: ${names}.`)];
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

/** What a deployment may need later. */
function laterLines({ command, rehearsal, finished }: View): Line[] {
  const space = finished?.deployment?.space ?? null;
  if (command !== 'deploy' || rehearsal || space === null) return [];
  return [
    line('It sleeps after 48 hours without a reader; the next one waits while it wakes.', 'dim'),
    line('Later: npx rag-space-setup index (content), rotate (keys), status, doctor, undo', 'dim', 7),
  ];
}

/** A run whose proof is open is never shown as a success. */
function headline(view: View, { ok, deployment }: NonNullable<View['finished']>): Line {
  const time = elapsed(stepsTook(view));
  if (!ok) return line(`? Deployed in ${time}; that readers get an answer is not proved`, 'warn');
  return line(`${deployment?.health === 'healthy' ? 'Live' : 'Done'}, in ${time}`, 'good');
}

/** The last screen: the result and where it is, or what happened, what to do and what exists. */
export function finishedLines(view: View): Line[] {
  const { finished } = view;
  if (finished === null) return [];
  const deployed = finished.deployment === null ? [] : deploymentLines(finished.deployment, view);
  if (finished.failure === null) {
    const answer = view.answer === '' ? [] : [line(shortened(view.answer), 'dim')];
    // A command that only reads has reported everything already.
    if (view.steps.length === 0) return deployed.filter(({ tone }) => tone === 'link');
    return [headline(view, finished), ...answer, ...deployed, ...laterLines(view)];
  }
  const { kind, code, message, remedy } = finished.failure;
  const what = kind === 'cancelled' ? line(message, 'warn') : line(`✗ ${message}`, 'bad');
  // What is missing has been listed, a line each.
  const heading = code === 'input-missing' ? [] : [what];
  const isTold = view.checks.some((check) => isRefused(check) && check.message === message);
  return [...(isTold ? [] : [...heading, ...textLines(remedy)]), ...changedLines(view), ...deployed];
}

/** Its line is above, with what to do. */
function isRefused({ state }: CheckView): boolean {
  return state === 'rejected' || state === 'unreachable';
}

function stepDoneLines(event: Extract<RunEvent, { type: 'step-done' }>): Line[] {
  const { text, sign, tone } = outcomeWords[event.outcome];
  const title = stepTitles[event.step];
  const head = event.outcome === 'failed' ? `${title} ${text}` : title;
  const parts = event.outcome === 'failed' ? [event.reason] : [text, event.reason];
  const what = parts.filter((part) => part !== '').join(', ');
  const time = event.ms >= 1000 ? ` (${elapsed(event.ms)})` : '';
  return [line(`${sign} ${head}${what === '' ? '' : `: ${what}`}${time}`, tone, 2)];
}

/** A diff as it is: its blanks and addresses stay where they are. */
function diffLines(diff: string): Line[] {
  const tones = { '+': 'good', '-': 'bad', '@': 'dim' } as const;
  return diff
    .trimEnd()
    .split('\n')
    .map((text) => line(text, tones[text.charAt(0) as keyof typeof tones] ?? 'plain', 1));
}

/** What asks for nothing is a remark; the proof's answer, and that all is gone, are kept for the last screen. */
function noticeLines({ code, message, remedy }: Extract<RunEvent, { type: 'notice' }>): Line[] {
  if (code === 'answer' || code === 'rehearsal-over') return [];
  if (code === 'frontend-diff') return diffLines(message);
  if (remedy === '') return textLines(message, 'dim');
  return [...textLines(`! ${message}`, 'warn', 2), ...textLines(remedy)];
}

/** What an event leaves in the transcript; empty for those that only move the live part. */
export function eventLines(event: RunEvent): Line[] {
  switch (event.type) {
    case 'run-started':
      return [line(`rag-space-setup ${event.version}, ${event.command}`, 'strong')];
    case 'input-missing': {
      const rows = event.missing.map(({ name, flag, env }) =>
        line(`  ${name}: set ${env}${flag === null ? '' : ` or give ${flag}`}`),
      );
      return [line('✗ Input is missing, and the run is not interactive:', 'bad'), ...rows];
    }
    case 'check-done': {
      const { text, sign, tone } = verdictWords[event.verdict];
      const message = event.message === '' ? '' : `: ${event.message}`;
      return [
        line(`${sign} ${serviceTitles[event.service]} ${text}${message}`, tone, 2),
        ...(event.rights === undefined ? [] : permissionLines(event.rights)),
        ...textLines(event.remedy),
      ];
    }
    case 'plan-ready':
      return planLines(event);
    case 'step-done':
      return stepDoneLines(event);
    case 'notice':
      return noticeLines(event);
    case 'check-started':
    case 'step-started':
    case 'step-progress':
    case 'log':
    case 'run-finished':
      return [];
    default:
      return event satisfies never;
  }
}

/** `Checking Hugging Face and Vercel`, or null. */
export function checkingLine({ checks }: View): Line | null {
  const names = checks
    .filter(({ state }) => state === 'running')
    .map(({ service }) => serviceTitles[service]);
  return names.length === 0 ? null : line(`Checking ${names.join(', ')}…`, 'dim');
}

/** `4 of 10  Wait for the build, 1:12 (last time 1:40), last change 12 s ago` */
export function stepLine(view: View, step: StepView, now: number): Line {
  const place = view.steps.findIndex((other) => other.step === step.step) + 1;
  const quiet = Math.floor((now - step.movedAt) / 1000);
  const last = step.lastMs === null || step.lastMs < 1000 ? '' : ` (last time ${elapsed(step.lastMs)})`;
  const moved = quiet >= 10 ? `, last change ${quiet} s ago` : '';
  const clock = elapsed(now - step.startedAt);
  return line(
    `${place} of ${view.steps.length}  ${stepTitles[step.step]}, ${clock}${last}${moved}`,
    'strong',
  );
}

function noteLines({ done, total, note }: StepView): Line[] {
  const amount = total > 0 ? `${done} of ${total}` : '';
  const text = [amount, note].filter((part) => part !== '').join(', ');
  return text === '' ? [] : [line(text)];
}

/** The live lines while steps run: where each is and since when, what it says; what comes, while only one runs. */
export function progressLines(view: View, now: number): Line[] {
  const running = runningSteps(view);
  if (running.length === 0) return [];
  const next = view.steps.filter(({ state }) => state === 'waiting').map(({ step }) => stepTitles[step]);
  const last = view.log.at(-1);
  const coming = `Next: ${next.slice(0, 3).join(', ')}${next.length > 3 ? ', …' : ''}`;
  return [
    ...running.flatMap((step) => [stepLine(view, step, now), ...noteLines(step)]),
    ...(last === undefined ? [] : [line(`${last.source}: ${last.text}`, 'dim')]),
    ...(next.length === 0 || running.length > 1 ? [] : [line(coming, 'dim')]),
  ];
}
