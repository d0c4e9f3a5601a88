import { Box, Text } from 'ink';
import { use, useState, type ReactNode } from 'react';
import { line } from '../../../model/display/line.ts';
import {
  changeSigns,
  planDetails,
  planIndent,
  planRows,
  type PlanRow,
} from '../../../model/display/plan-lines.ts';
import type { Prompt, Reply } from '../../../model/question.ts';
import type { ChangeKind, Plan } from '../../../model/run/plan.ts';
import { planBindings } from '../../keys.ts';
import { wrapLine } from '../../wrap.ts';
import { LineView, useTone } from '../parts/line-view.tsx';
import { LiveArea } from '../parts/live-area.tsx';
import { ScreenContext } from '../parts/screen-context.ts';
import { frameRows, isRoomy, liveRows, type WindowSize } from '../parts/window.ts';
import { useCommands } from '../terminal/use-commands.ts';

const shownRemarks = 3;

/** A row as the terminal shows it; continued rows have no title and sign. */
type DrawnRow = PlanRow & { isContinued: boolean };

/** The plan, and its confirmation: only Enter applies it, a paste does nothing. `d` shows every change in full. */
export function PlanScreen(props: {
  prompt: Extract<Prompt, { type: 'confirm-plan' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const { plan } = prompt;
  const { size } = use(ScreenContext);
  const [hasDetails, setDetails] = useState(false);
  const [top, setTop] = useState(0);
  const rows = hasDetails ? detailRows(plan, size) : summaryRows(plan, size);
  const room = liveRows(size) - frameRows(size);
  const last = hasDetails ? Math.max(0, rows.length - room) : 0;
  const area = useCommands({
    bindings: planBindings({
      canGoBack: prompt.canGoBack,
      hasDetails,
      canScroll: last > 0,
      below: last - top,
    }),
    actions: {
      apply: () => onReply({ type: 'accept' }),
      details: () => {
        setDetails(!hasDetails);
        setTop(0);
      },
      up: () => setTop((row) => Math.max(0, row - 1)),
      down: () => setTop((row) => Math.min(last, row + 1)),
      back: () => onReply({ type: 'back' }),
      cancel: () => onReply({ type: 'cancel' }),
    },
  });
  const shown = hasDetails ? rows.slice(top, top + room) : rows;
  return (
    <LiveArea lines={[]} right={plan.estimate?.join(' · ') ?? null} {...area}>
      {shown.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows may repeat; only their position identifies them.
        <PlanRowView key={index} row={row} />
      ))}
      {hasDetails ? null : <Remarks plan={plan} />}
    </LiveArea>
  );
}

/**
 * What is public, what is kept and what the hosting asks, a sentence each; where there is room, the question and what the
 * signs mean.
 */
function Remarks({ plan }: { plan: Plan }): ReactNode {
  const { size } = use(ScreenContext);
  const [strong, dim] = [useTone('strong'), useTone('dim')];
  const isIdle = plan.changes.every(({ kind }) => kind === 'unchanged');
  const remarks = [...(isIdle ? ['No changes.'] : []), ...plan.remarks];
  return (
    <Box flexDirection="column" marginTop={isRoomy(size) ? 1 : 0}>
      {remarks.slice(0, isRoomy(size) ? shownRemarks : 1).map((remark) => (
        <LineView key={remark} line={line(remark)} columns={size.columns} isCut={!isRoomy(size)} />
      ))}
      {isIdle || !isRoomy(size) ? null : (
        <Box marginTop={1}>
          <Text {...strong}>Apply this plan?</Text>
          <Text {...dim}>{`   ${legend(plan)}`}</Text>
        </Box>
      )}
    </Box>
  );
}

const signMeanings: Record<ChangeKind, string> = {
  new: 'created',
  changes: 'changed',
  unchanged: 'kept',
  unknown: 'not known yet',
  extra: 'removed',
};

/** What the signs in sight mean: `+ created   ~ changed`. */
function legend({ changes }: Plan): string {
  const signs = new Set(planRows(changes).map(({ sign }) => sign));
  const entries = Object.entries(changeSigns) as [ChangeKind, { sign: string }][];
  return entries
    .flatMap(([kind, { sign }]) => (signs.has(sign) ? [`${sign} ${signMeanings[kind]}`] : []))
    .join('   ');
}

function PlanRowView({ row }: { row: DrawnRow }): ReactNode {
  const { title, sign, tone, text, isContinued } = row;
  const { size } = use(ScreenContext);
  const [style, dim] = [useTone(tone), useTone('dim')];
  const indent = isRoomy(size) ? 2 : 0;
  return (
    <Text wrap="truncate">
      {' '.repeat(indent)}
      {title.padEnd(isRoomy(size) ? planIndent : 13)}
      <Text {...style}>{isContinued ? ' ' : sign}</Text>
      <Text {...(tone === 'dim' ? dim : {})}>{` ${text}`}</Text>
    </Text>
  );
}

/** A row for each vendor in a narrow window, with the sign of its first change. */
function summaryRows({ changes }: Plan, size: WindowSize): DrawnRow[] {
  const rows = planRows(changes).map((row) => ({ ...row, isContinued: false }));
  if (isRoomy(size)) return rows.flatMap((row) => wrapped(row, size));
  const vendors: DrawnRow[] = [];
  for (const row of rows) {
    const vendor = vendors.at(-1);
    if (row.title !== '' || vendor === undefined) vendors.push({ ...row });
    else vendor.text += `, ${row.text}`;
  }
  return vendors;
}

function detailRows({ changes, remarks }: Plan, { columns }: WindowSize): DrawnRow[] {
  const rows = planDetails(changes).flatMap((row) => wrapped(row, { columns }));
  const sentences = remarks.flatMap((remark) => wrapLine(line(remark), { columns: columns - 4 }));
  const blank = { title: '', sign: ' ', tone: 'plain', isContinued: true } as const;
  return [...rows, ...sentences.map((text) => ({ ...blank, title: text, text: '' }))];
}

function wrapped(row: PlanRow, { columns }: Pick<WindowSize, 'columns'>): DrawnRow[] {
  const texts = wrapLine(line(row.text), { columns: Math.max(16, columns - planIndent - 4) });
  return texts.map((text, index) => ({
    ...row,
    title: index === 0 ? row.title : '',
    text,
    isContinued: index > 0,
  }));
}
