import type { Change, ChangeKind, Plan, StepId, Target } from '../run/plan.ts';
import { describePlace } from '../formats/function-place.ts';
import { serviceTitles } from '../service.ts';
import { line, type Line, type Tone } from './line.ts';

export const changeSigns = {
  new: { sign: '+', tone: 'good' },
  changes: { sign: '~', tone: 'warn' },
  unchanged: { sign: '=', tone: 'dim' },
  unknown: { sign: '?', tone: 'warn' },
  // It goes.
  extra: { sign: '-', tone: 'bad' },
} as const satisfies Record<ChangeKind, { sign: string; tone: Tone }>;

/** A row of the plan; `title` is empty below the first row of its vendor. */
export type PlanRow = { title: string; sign: string; tone: Tone; text: string };

/** These change nothing of the user's: what follows the changes. */
const waits: ReadonlySet<StepId> = new Set(['await-build', 'await-health', 'prove']);
/** Counts that share a row, such as `4 secrets, 9 variables, 8 files`. */
const counted: ReadonlySet<StepId> = new Set(['set-secrets', 'set-variables', 'upload-server']);

const waitTexts: Partial<Record<StepId, string>> = {
  'await-build': 'the build',
  'await-health': 'health',
  prove: 'a real question as the page asks it',
};

/** The plan in a few rows: by vendor, what is new, changed and gone; what stays is counted. */
export function planRows(changes: readonly Change[]): PlanRow[] {
  const parts = changes.filter(({ step }) => !waits.has(step));
  const services = [...new Set(parts.map(({ service }) => service))];
  const rows = services.flatMap((service) =>
    titled(serviceTitles[service], vendorRows(parts.filter((change) => change.service === service))),
  );
  return [...rows, ...followRows(changes)];
}

function vendorRows(changes: readonly Change[]): PlanRow[] {
  const kept = changes.filter(({ kind }) => kind === 'unchanged');
  const rows: PlanRow[] = [];
  let wasCounted = false;
  for (const { step, kind, what } of changes) {
    if (kind === 'unchanged') continue;
    const text = shortened(what);
    const last = rows.at(-1);
    const { sign } = changeSigns[kind];
    if (wasCounted && counted.has(step) && last?.sign === sign) last.text += `, ${text}`;
    else rows.push({ title: '', ...changeSigns[kind], text });
    wasCounted = counted.has(step);
  }
  if (kept.length === 0) return rows;
  const texts = [...new Set(kept.map(({ what }) => shortened(what)))];
  const text = rows.length === 0 ? texts.join('; ') : `${kept.length} unchanged`;
  return [...rows, { title: '', ...changeSigns.unchanged, text }];
}

/** Without what is in parentheses or after a semicolon: the details have it. */
function shortened(what: string): string {
  return (what.split(';')[0] ?? '').replaceAll(/ \([^)]*\)/g, '');
}

/** What a run waits for, and its proof; where nothing changes, the proof alone. */
function followRows(changes: readonly Change[]): PlanRow[] {
  const isIdle = changes.every(({ kind }) => kind === 'unchanged');
  const steps = changes
    .filter(({ step, kind }) => waits.has(step) && (kind !== 'unchanged' || step === 'prove'))
    .map(({ step, service, what }) =>
      step === 'await-build' && service === 'vercel' ? 'its deployment' : (waitTexts[step] ?? what),
    );
  if (isIdle || steps.length === 0) return [];
  return [{ title: 'Then', sign: ' ', tone: 'dim', text: steps.join(', ') }];
}

function titled(title: string, rows: readonly PlanRow[]): PlanRow[] {
  return rows.map((row, index) => ({ ...row, title: index === 0 ? title : '' }));
}

/** Each change in full. */
export function planDetails(changes: readonly Change[]): PlanRow[] {
  const services = [...new Set(changes.map(({ service }) => service))];
  return services.flatMap((service) => {
    const rows = changes
      .filter((change) => change.service === service)
      .map(({ kind, what }) => ({ title: '', ...changeSigns[kind], text: what }));
    const distinct = new Map(rows.map((row) => [`${row.sign} ${row.text}`, row]));
    return titled(serviceTitles[service], [...distinct.values()]);
  });
}

/** Columns before the sign of a row. */
export const planIndent = 15;

function rowLine({ title, sign, tone, text }: PlanRow): Line {
  return line(`${title.padEnd(planIndent)}${sign} ${text}`, tone === 'good' ? 'plain' : tone, planIndent + 2);
}

function targetLine({ space, project, team, environment }: Target): Line {
  const frontend =
    project === null ? '' : `; Vercel ${team === null ? '' : `${team}/`}${project}, ${environment}`;
  if (space === null && project === null) return line('The Qdrant collection alone', 'strong');
  const place = space === null ? null : describePlace(space);
  const server = place === null ? 'A server elsewhere' : `${place.vendor} ${place.name}`;
  return line(`${server}${frontend}`, 'strong');
}

/** The plan as lines: its one target, then each change in full, or in a few rows. */
export function planLines(
  { target, changes }: Pick<Plan, 'target' | 'changes'>,
  { isFull = true }: { isFull?: boolean } = {},
): Line[] {
  const rows = isFull ? planDetails(changes) : planRows(changes);
  const isIdle = changes.every(({ kind }) => kind === 'unchanged');
  return [
    line('Plan', 'strong'),
    targetLine(target),
    ...rows.map(rowLine),
    ...(isIdle ? [line('No changes.')] : []),
  ];
}
