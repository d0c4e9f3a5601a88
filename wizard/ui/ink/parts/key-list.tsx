import { Box, Text } from 'ink';
import { use, type ReactNode } from 'react';
import type { Tone } from '../../../model/display/line.ts';
import type { KeyEntry, Outline } from '../../../model/display/outline.ts';
import type { View } from '../../../model/display/view.ts';
import { serviceTitles, type Service } from '../../../model/service.ts';
import { useTone } from './line-view.tsx';
import { ScreenContext } from './screen-context.ts';
import { isRoomy } from './window.ts';
import { spinnerAt } from './spinner.ts';

export type KeyRow = {
  service: Service;
  /** Empty for a check that runs: its sign moves. */
  sign: string;
  tone: Tone;
  text: string;
  source: string;
};

const verdictSigns = {
  accepted: { sign: '✓', tone: 'good' },
  rejected: { sign: '✗', tone: 'bad' },
  unreachable: { sign: '?', tone: 'warn' },
} as const;

/** A row for each service: what is known of its credential. */
export function keyRows(view: View, { keys }: Outline): KeyRow[] {
  return keys.map((entry) => keyRow(view, entry));
}

function keyRow(view: View, { service, state, shown, source }: KeyEntry): KeyRow {
  const check = view.checks.find((candidate) => candidate.service === service);
  const from = sourceText(source);
  // A verdict on a value that was taken back counts no more.
  if (state === 'given' && check !== undefined) {
    if (check.state === 'running') return { service, sign: '', tone: 'dim', text: 'checking…', source: from };
    const { sign, tone } = verdictSigns[check.state];
    const isWarning = check.state === 'accepted' && check.remedy !== '';
    return {
      service,
      sign: isWarning ? '!' : sign,
      tone: isWarning ? 'warn' : tone,
      text: check.message,
      source: from,
    };
  }
  if (state === 'kept')
    return { service, sign: '=', tone: 'dim', text: 'stays as it is on the server', source: '' };
  const text = state === 'missing' ? '' : shown;
  return { service, sign: '·', tone: 'dim', text, source: state === 'offered' ? `found: ${source}` : from };
}

function sourceText(source: string): string {
  if (source === '' || source === 'typed') return '';
  return `from ${source === 'environment' ? 'the environment' : source}`;
}

const titleColumn = Math.max(...Object.values(serviceTitles).map(({ length }) => length)) + 2;

/** The checklist of keys; below the row of the service that is asked for, its question. */
export function KeyList(props: {
  current: { service: Service; text: string; isProblem: boolean } | null;
  children?: ReactNode;
}): ReactNode {
  const { current, children } = props;
  const { view, outline } = use(ScreenContext);
  if (outline === null) return null;
  return keyRows(view, outline).map((row) =>
    row.service === current?.service ? (
      <Box key={row.service} flexDirection="column">
        <KeyRowView
          row={{
            ...row,
            sign: current.isProblem ? '✗' : '▸',
            tone: current.isProblem ? 'bad' : 'strong',
            text: current.text,
            source: '',
          }}
          isAsked
        />
        <Box flexDirection="column" marginLeft={questionIndent}>
          {children}
        </Box>
      </Box>
    ) : (
      <KeyRowView key={row.service} row={row} />
    ),
  );
}

/** Columns before a question in the checklist. */
export const questionIndent = 4;

function KeyRowView({ row, isAsked = false }: { row: KeyRow; isAsked?: boolean }): ReactNode {
  const { service, tone, sign } = row;
  const { size } = use(ScreenContext);
  const [style, dim, strong] = [useTone(tone), useTone('dim'), useTone('strong')];
  const title = serviceTitles[service].padEnd(titleColumn);
  const { text, source } = fitRow(row, Math.min(size.columns, maxColumns) - 4 - titleColumn);
  return (
    <Text wrap="truncate">
      {'  '}
      <Text {...style}>{sign === '' ? <Spinner /> : sign}</Text>
      <Text {...(isAsked ? strong : sign === '·' ? dim : {})}>{` ${title}`}</Text>
      <Text {...(isAsked ? strong : tone === 'bad' ? style : {})}>{text}</Text>
      <Text {...dim}>{source}</Text>
    </Text>
  );
}

/** Wider rows are hard to follow. */
const maxColumns = 80;
const shortestText = 20;

/** What fits into a row: the text is cut before its source, and a source without room is left out. */
export function fitRow(
  { text, source }: Pick<KeyRow, 'text' | 'source'>,
  columns: number,
): { text: string; source: string } {
  const cut = (width: number): string =>
    text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
  const left = columns - source.length - 2;
  if (source === '' || left < Math.min(text.length, shortestText)) return { text: cut(columns), source: '' };
  const shown = cut(left);
  return { text: shown, source: source.padStart(columns - shown.length) };
}

/** A sign that moves while something runs. */
export function Spinner(): ReactNode {
  return spinnerAt(use(ScreenContext).time);
}

/** The keys before anything is asked: what was found, and in one row what is still needed. */
export function OfferedKeys(): ReactNode {
  const { view, outline } = use(ScreenContext);
  const dim = useTone('dim');
  if (outline === null) return null;
  const isMissing = (service: Service): boolean =>
    outline.keys.some((entry) => entry.service === service && entry.state === 'missing');
  const rows = keyRows(view, outline);
  const missing = rows.filter(({ service }) => isMissing(service));
  const needed = missing.map(({ service }) => serviceTitles[service]).join(', ');
  return (
    <Box flexDirection="column" marginBottom={1}>
      {rows.map((row) => (isMissing(row.service) ? null : <KeyRowView key={row.service} row={row} />))}
      {missing.length === 0 ? null : <Text {...dim} wrap="truncate">{`  · still needed: ${needed}`}</Text>}
    </Box>
  );
}

/** The same in one row, once other things are asked; null without keys. */
export function FoldedKeys(): ReactNode {
  const { view, outline, size } = use(ScreenContext);
  if (outline === null || outline.keys.length === 0) return null;
  const rows = keyRows(view, outline);
  if (!isRoomy(size)) return <CountedKeys rows={rows} />;
  const isDone = rows.every(({ sign }) => sign !== '' && sign !== '·');
  return (
    <Text wrap="truncate">
      {'  '}
      {rows.map((row, index) => (
        <FoldedKey key={row.service} row={row} isFirst={index === 0} hasTitle={isDone || row.sign !== '·'} />
      ))}
    </Text>
  );
}

/** In a narrow window: the signs, and how many are settled. */
function CountedKeys({ rows }: { rows: readonly KeyRow[] }): ReactNode {
  const styles = { good: useTone('good'), warn: useTone('warn'), bad: useTone('bad'), dim: useTone('dim') };
  const settled = rows.filter(({ sign }) => '✓!='.includes(sign || ' ')).length;
  return (
    <Text wrap="truncate">
      {rows.map(({ service, sign, tone }) => (
        <Text key={service} {...styles[tone as keyof typeof styles]}>
          {sign === '' ? <Spinner /> : sign}
        </Text>
      ))}
      {`  ${settled} of ${rows.length} keys`}
    </Text>
  );
}

function FoldedKey({
  row,
  isFirst,
  hasTitle,
}: {
  row: KeyRow;
  isFirst: boolean;
  hasTitle: boolean;
}): ReactNode {
  const [style, dim] = [useTone(row.tone), useTone('dim')];
  return (
    <Text>
      {isFirst ? '' : '  '}
      <Text {...style}>{row.sign === '' ? <Spinner /> : row.sign}</Text>
      <Text {...(hasTitle ? {} : dim)}>{` ${serviceTitles[row.service]}`}</Text>
    </Text>
  );
}
