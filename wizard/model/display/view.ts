import type { Outcome, RunEvent, Verdict } from '../run/event.ts';
import type { Change, StepId, Target } from '../run/plan.ts';
import { parseHostLine } from '../hosts.ts';
import type { Service } from '../service.ts';
import type { Permissions } from './permissions.ts';

export type CheckView = {
  service: Service;
  state: 'running' | Verdict;
  message: string;
  /** What helps; of an accepted value, what to watch. */
  remedy: string;
  /** Of an accepted value. */
  rights: Permissions | null;
};

export type StepView = {
  step: StepId;
  service: Service;
  state: 'waiting' | 'running' | Outcome;
  /** When it began, in the milliseconds of the clock that `foldView` is given. */
  startedAt: number;
  /** When it last reported something; shows that a long wait is alive. */
  movedAt: number;
  /** Milliseconds it took the last time; null while that is not known. */
  lastMs: number | null;
  ms: number;
  done: number;
  total: number;
  note: string;
  reason: string;
};

export type LogLine = { source: string; text: string; step?: StepId };
type RunFinished = Extract<RunEvent, { type: 'run-finished' }>;

/** All that a screen can show, folded from the events. */
export type View = {
  command: string;
  version: string;
  rehearsal: boolean;
  /** The hosts that the run may contact, and what each is sent. */
  hosts: readonly { host: string; sends: string }[];
  /** In the order in which they began. */
  checks: readonly CheckView[];
  target: Target | null;
  changes: readonly Change[];
  /** The plan's steps in its order; one that was not planned joins at the end. */
  steps: readonly StepView[];
  /** The last ones only. */
  log: readonly LogLine[];
  /** Whether something was made for the run, or began to be, before it had a plan. */
  hasCreated: boolean;
  /** The server's answer to the proof's question. */
  answer: string;
  /** What the answer cites, as paths of the site. */
  cited: readonly string[];
  /** True at the end of a rehearsal that does not stay up: its addresses lead nowhere. */
  isOver: boolean;
  finished: RunFinished | null;
};

export const emptyView: View = {
  command: '',
  version: '',
  rehearsal: false,
  hosts: [],
  checks: [],
  target: null,
  changes: [],
  steps: [],
  log: [],
  hasCreated: false,
  answer: '',
  cited: [],
  isOver: false,
  finished: null,
};

const keptLogLines = 5;

function waiting(step: StepId, service: Service): StepView {
  return {
    step,
    service,
    state: 'waiting',
    startedAt: 0,
    movedAt: 0,
    lastMs: null,
    ms: 0,
    done: 0,
    total: 0,
    note: '',
    reason: '',
  };
}

function withStep(view: View, started: { step: StepId; service: Service }, patch: Partial<StepView>): View {
  const current = view.steps.find((step) => step.step === started.step);
  if (current === undefined) {
    return { ...view, steps: [...view.steps, { ...waiting(started.step, started.service), ...patch }] };
  }
  return { ...view, steps: view.steps.map((step) => (step === current ? { ...step, ...patch } : step)) };
}

function withCheck(view: View, check: CheckView): View {
  const others = view.checks.filter((other) => other.service !== check.service);
  return { ...view, checks: [...others, check] };
}

function plannedSteps(changes: readonly Change[]): StepView[] {
  const first = new Map<StepId, Service>();
  for (const { step, service } of changes) if (!first.has(step)) first.set(step, service);
  return [...first].map(([step, service]) => waiting(step, service));
}

function withNotice(view: View, { code, message, remedy }: Extract<RunEvent, { type: 'notice' }>): View {
  if (code === 'creating') return { ...view, hasCreated: true };
  if (code === 'rehearsal-over') return { ...view, isOver: true };
  if (code === 'answer') {
    return { ...view, answer: message, cited: remedy.split(' ').filter((path) => path !== '') };
  }
  const contact = code === 'contacts' ? parseHostLine(message) : null;
  return contact === null ? view : { ...view, hosts: [...view.hosts, contact] };
}

/** The view after one more event, which came at `at` (milliseconds; only differences are shown). */
export function foldView(view: View, event: RunEvent, at: number): View {
  switch (event.type) {
    case 'run-started': {
      const { command, version, rehearsal } = event;
      return { ...view, command, version, rehearsal };
    }
    case 'check-started':
      return withCheck(view, {
        service: event.service,
        state: 'running',
        message: '',
        remedy: '',
        rights: null,
      });
    case 'check-done': {
      const { service, verdict, message, remedy, rights = null } = event;
      return withCheck(view, { service, state: verdict, message, remedy, rights });
    }
    case 'plan-ready':
      return {
        ...view,
        target: event.target,
        changes: event.changes,
        steps: plannedSteps(event.changes),
      };
    case 'step-started':
      return withStep({ ...view, log: [] }, event, {
        state: 'running',
        startedAt: at,
        movedAt: at,
        lastMs: event.lastMs ?? null,
        note: '',
      });
    case 'step-progress': {
      const { done, total, note } = event;
      return withStep(view, event, { state: 'running', done, total, note, movedAt: at });
    }
    case 'step-done': {
      const { outcome, reason, ms } = event;
      return withStep(view, event, { state: outcome, reason, ms, movedAt: at });
    }
    case 'log': {
      const { source, text, step: logged } = event;
      const line = { source, text, ...(logged !== undefined && { step: logged }) };
      const isMoved = (step: StepView): boolean =>
        step.state === 'running' && (event.step === undefined || event.step === step.step);
      const steps = view.steps.map((step) => (isMoved(step) ? { ...step, movedAt: at } : step));
      return { ...view, steps, log: [...view.log, line].slice(-keptLogLines) };
    }
    case 'run-finished':
      return { ...view, finished: event };
    case 'notice':
      return withNotice(view, event);
    case 'input-missing':
    case 'insights':
    case 'private-link':
      return view;
    default:
      return event satisfies never;
  }
}

/** The steps that run now, in the plan’s order. */
export function runningSteps(view: View): readonly StepView[] {
  return view.steps.filter((step) => step.state === 'running');
}

/** When the first step began; 0 before that. */
export function stepsBeganAt({ steps }: View): number {
  const begun = steps.filter(({ state }) => state !== 'waiting');
  return begun.length === 0 ? 0 : Math.min(...begun.map(({ startedAt }) => startedAt));
}

/** Milliseconds from the first step’s beginning to the last one’s end; steps may run side by side. */
export function stepsTook(view: View): number {
  const begun = view.steps.filter(({ state }) => state !== 'waiting');
  if (begun.length === 0) return 0;
  return Math.max(...begun.map(({ movedAt }) => movedAt)) - stepsBeganAt(view);
}
