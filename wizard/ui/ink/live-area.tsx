import { Box, Text, useWindowSize } from 'ink';
import { use, type ReactNode } from 'react';
import type { Line } from '../../model/display/line.ts';
import type { KeyBinding } from '../keys.ts';
import { LineView, RehearsalContext, TaggedLine, useTone } from './line-view.tsx';

/** The footer, from the same table as the keys. */
function Footer({ bindings }: { bindings: readonly KeyBinding<string>[] }): ReactNode {
  const dim = useTone('dim');
  return (
    <Box flexWrap="wrap" columnGap={3}>
      {bindings.map(({ hint }) =>
        hint === null ? null : (
          <Text key={hint} {...dim}>
            {hint}
          </Text>
        ),
      )}
    </Box>
  );
}

/** The part of the screen that is redrawn: a title, the screen's content, the keys. */
export function LiveArea(props: {
  lines: readonly Line[];
  bindings: readonly KeyBinding<string>[];
  children?: ReactNode;
}): ReactNode {
  const isRehearsal = use(RehearsalContext);
  const { rows, columns } = useWindowSize();
  const [title, ...others] = props.lines;
  return (
    <Box flexDirection="column" marginTop={rows >= 20 ? 1 : 0}>
      {title === undefined ? null : <TaggedLine isRehearsal={isRehearsal} line={title} columns={columns} />}
      {others.map((line) => (
        <LineView key={line.text} line={line} columns={columns} />
      ))}
      {props.children}
      <Footer bindings={props.bindings} />
    </Box>
  );
}
