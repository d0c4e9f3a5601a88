import { Box, Text } from 'ink';
import { createContext, use, type ReactNode } from 'react';
import type { Line, Tone } from '../../model/lines.ts';

/** False where colour is not wanted or not shown; bold and dim stay. */
export const ColorContext = createContext(true);

/** True when every screen is to say that this is a rehearsal. */
export const RehearsalContext = createContext(false);

const styles: Record<Tone, { color?: string; bold?: boolean; dimColor?: boolean; underline?: boolean }> = {
  plain: {},
  strong: { bold: true },
  dim: { dimColor: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  link: { color: 'cyan', underline: true },
};

/** The style of a tone, without its colour where there is none. */
export function useTone(tone: Tone): { color?: string; bold?: boolean; dimColor?: boolean } {
  const hasColor = use(ColorContext);
  const { color, ...rest } = styles[tone];
  return hasColor && color !== undefined ? { ...rest, color } : rest;
}

export function LineView({ line, isCut = false }: { line: Line; isCut?: boolean }): ReactNode {
  return (
    <Text {...useTone(line.tone)} wrap={isCut ? 'truncate' : 'wrap'}>
      {line.text}
    </Text>
  );
}

/** A line of the scrollback. An address is wider than its box may be, so that the terminal alone breaks it. */
export function StaticLine({ line }: { line: Line }): ReactNode {
  if (line.tone !== 'link') return <LineView line={line} />;
  return (
    <Box width={line.text.length} flexShrink={0}>
      <LineView line={line} />
    </Box>
  );
}

/** `REHEARSAL`, at the beginning of every screen of one. */
export function Tagged({ isRehearsal, line }: { isRehearsal: boolean; line: Line }): ReactNode {
  const tag = useTone('warn');
  const style = useTone(line.tone);
  if (!isRehearsal) return <LineView line={line} />;
  return (
    <Text>
      <Text {...tag} bold>
        REHEARSAL
      </Text>
      {'  '}
      <Text {...style}>{line.text}</Text>
    </Text>
  );
}
