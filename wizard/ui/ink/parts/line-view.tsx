import { Box, Text, Transform } from 'ink';
import { createContext, use, type ReactNode } from 'react';
import type { Line, Tone } from '../../../model/display/line.ts';
import { isOneRow, wrapLine } from '../../wrap.ts';

/** False without colours; bold and dim are kept. */
export const ColorContext = createContext(true);

const styles: Record<Tone, { color?: string; bold?: boolean; dimColor?: boolean; underline?: boolean }> = {
  plain: {},
  strong: { bold: true },
  dim: { dimColor: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  link: { color: 'cyan', underline: true },
};

/** The style of a tone, without colour if there is none. */
export function useTone(tone: Tone): { color?: string; bold?: boolean; dimColor?: boolean } {
  const hasColor = use(ColorContext);
  const { color, ...rest } = styles[tone];
  return hasColor && color !== undefined ? { ...rest, color } : rest;
}

/** An OSC 8 hyperlink: terminals that support it open the whole URL, also from a wrapped row. */
function hyperlink(text: string, url: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}

/** A row of a line. In an indented line with tone `good` or `warn`, only the first column is coloured. */
function LineRow({ line, row, isFirst }: { line: Line; row: string; isFirst: boolean }): ReactNode {
  const style = useTone(line.tone);
  if (line.tone === 'link')
    return (
      <Transform transform={(text) => hyperlink(text, line.text)}>
        <Text {...style}>{row}</Text>
      </Transform>
    );
  const isHeaded = line.indent > 0 && (line.tone === 'good' || line.tone === 'warn');
  if (!isHeaded) return <Text {...style}>{row}</Text>;
  if (!isFirst) return <Text>{row}</Text>;
  return (
    <Text>
      <Text {...style}>{row.slice(0, line.indent)}</Text>
      {row.slice(line.indent)}
    </Text>
  );
}

type LineProps = { line: Line; columns: number };

/** A line of the live area: wrapped between words, or truncated to one row. */
export function LineView({ line, columns, isCut = false }: LineProps & { isCut?: boolean }): ReactNode {
  const style = useTone(line.tone);
  if (isCut) {
    return (
      <Text {...style} wrap="truncate">
        {line.text}
      </Text>
    );
  }
  return wrapLine(line, { columns }).map((row, index) => (
    <LineRow key={index} line={line} row={row} isFirst={index === 0} />
  ));
}

/** A line with an address after its text. */
function LinkedLine({ line, columns }: LineProps): ReactNode {
  const { text, link = '' } = line;
  const url: Line = { text: link, tone: 'link', indent: 0 };
  if (!isOneRow(line, columns))
    return (
      <>
        <StaticLine line={{ text: text.trimEnd(), tone: line.tone, indent: line.indent }} columns={columns} />
        <StaticLine line={url} columns={columns} />
      </>
    );
  return (
    <Box>
      <Text>{text}</Text>
      <LineRow line={url} row={link} isFirst />
    </Box>
  );
}

/** A line of the scrollback. A long word may exceed its row, so that the terminal wraps it. */
export function StaticLine({ line, columns }: LineProps): ReactNode {
  if (line.link !== undefined) return <LinkedLine line={line} columns={columns} />;
  return wrapLine(line, { columns, keepsWords: true }).map((row, index) => (
    <Box key={index} width={Math.max(1, [...row].length)} flexShrink={0}>
      <LineRow line={line} row={row} isFirst={index === 0} />
    </Box>
  ));
}

const tag = 'REHEARSAL';

/** The first line of a block of the scrollback, tagged in a rehearsal. */
export function TaggedLine({ line, columns }: LineProps): ReactNode {
  const tagStyle = useTone('warn');
  const style = useTone(line.tone);
  const [first = '', ...others] = wrapLine({ ...line, text: `${tag}  ${line.text}`, indent: 0 }, { columns });
  return (
    <>
      <Text>
        <Text {...tagStyle} bold>
          {tag}
        </Text>
        <Text {...style}>{first.slice(tag.length)}</Text>
      </Text>
      {others.map((row, index) => (
        <Text key={index} {...style}>
          {row}
        </Text>
      ))}
    </>
  );
}
