import type { RunEvent } from '../run/event.ts';
import { line, textLines, type Line } from './line.ts';
import { elapsed } from './elapsed.ts';
import { planLines } from './plan-lines.ts';
import { noticeLines } from './notice-lines.ts';
import { deploymentLines, receiptLines } from './receipt-lines.ts';
import { stepDoneLines } from './step-lines.ts';
import { stepTitle } from '../run/plan.ts';
import { insightsLines } from './insights-lines.ts';
import { permissionLines } from './permissions.ts';
import { serviceTitles } from '../service.ts';
import { type CheckView, type StepView, type View } from './view.ts';

const verdictWords = {
  accepted: { text: 'accepted', sign: '✓', tone: 'good' },
  rejected: { text: 'rejected', sign: '✗', tone: 'bad' },
  unreachable: { text: 'not reached', sign: '?', tone: 'warn' },
} as const;

/** What was changed before the run ended early. */
function changedLines(view: View): Line[] {
  const made = view.steps.filter(({ state }) => state === 'changed');
  // Commands that only read report no changes.
  if (['doctor', 'status', 'logs'].includes(view.command)) return [];
  const isSaid = view.finished?.failure?.kind === 'cancelled';
  const hasBegun = view.steps.some(({ state }) => state !== 'waiting');
  if (made.length === 0 && view.hasCreated)
    return isSaid
      ? []
      : [line('What was made at Neon or Qdrant Cloud is used by the next run in this folder.')];
  if (made.length === 0) return isSaid || hasBegun ? [] : [line('Nothing was changed.')];
  const names = made.map(stepTitle).join(', ');
  return [line(`Done before it ended: ${names}.`)];
}

/** The last screen: the result and where it is, or what happened, what to do and what exists. */
export function finishedLines(view: View): Line[] {
  const { finished } = view;
  if (finished === null) return [];
  const deployed = finished.deployment === null ? [] : deploymentLines(finished.deployment, view);
  if (finished.failure === null) {
    // A command that only reads has reported everything already.
    return view.steps.length === 0 ? deployed.filter(({ link }) => link !== undefined) : receiptLines(view);
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

/** The verdict on a credential and what helps, or what to watch; nothing while its check runs. */
export function checkLines(check: Pick<CheckView, 'service' | 'state' | 'message' | 'remedy'>): Line[] {
  const { service, state, message, remedy } = check;
  if (state === 'running') return [];
  const { text, sign, tone } = verdictWords[state];
  const what = message === '' ? '' : `: ${message}`;
  return [line(`${sign} ${serviceTitles[service]} ${text}${what}`, tone, 2), ...textLines(remedy)];
}

/** What an event leaves in the transcript; empty for those that only move the live part. */
export function eventLines(event: RunEvent, { mayShowLinks = false } = {}): Line[] {
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
      const { service, verdict, message, remedy, rights } = event;
      const [head, ...others] = checkLines({ service, state: verdict, message, remedy });
      const permissions = rights === undefined ? [] : permissionLines(rights);
      return head === undefined ? [] : [head, ...permissions, ...others];
    }
    case 'plan-ready':
      return planLines(event);
    case 'step-done':
      return stepDoneLines(event);
    case 'notice':
      return noticeLines(event);
    case 'insights':
      return insightsLines(event.report);
    case 'private-link':
      return [
        ...textLines(`! ${event.message}`, 'warn', 2),
        ...textLines(mayShowLinks ? event.link.reveal() : `${event.link}: run status in a terminal`),
      ];
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
  return line(`${place} of ${view.steps.length}  ${stepTitle(step)}, ${clock}${last}${moved}`, 'strong');
}
