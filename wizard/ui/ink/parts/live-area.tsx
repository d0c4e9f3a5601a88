import { Box, Text } from 'ink';
import { use, type ReactNode } from 'react';
import { line, type Line } from '../../../model/display/line.ts';
import { footerHints, type KeyBinding } from '../../keys.ts';
import type { Overlay } from '../terminal/use-commands.ts';
import { Header } from './header.tsx';
import { LineView, useTone } from './line-view.tsx';
import { overlayLines, talksTo } from './overlay-lines.ts';
import { ScreenContext } from './screen-context.ts';
import { isRoomy } from './window.ts';

/** The footer, from the same table as the keys. */
function Footer({ bindings }: { bindings: readonly KeyBinding<string>[] }): ReactNode {
  const dim = useTone('dim');
  const { columns } = use(ScreenContext).size;
  return (
    <Box flexWrap="wrap" columnGap={3}>
      {footerHints(bindings, columns).map((hint) => (
        <Text key={hint} {...dim}>
          {hint}
        </Text>
      ))}
    </Box>
  );
}

const shownRemarks = 2;

/** Before the first answer: who is contacted. The help has the table. */
function FirstRemark(): ReactNode {
  const { view, size } = use(ScreenContext);
  const hosts = view.hosts.length;
  const short = line(`Talks to ${hosts} hosts: see F1. No telemetry.`, 'dim');
  return <LineView line={isRoomy(size) || hosts === 0 ? talksTo(view) : short} columns={size.columns} />;
}

/** The part of the screen that is redrawn: where the run is, the screen's content, the keys. */
export function LiveArea(props: {
  lines: readonly Line[];
  bindings: readonly KeyBinding<string>[];
  /** Shown instead of the content. */
  overlay?: Overlay | null;
  /** The keys that the help lists. */
  screenBindings?: readonly KeyBinding<string>[];
  /** The right end of the header, where it is not the step. */
  right?: string | null;
  children?: ReactNode;
}): ReactNode {
  const { lines, bindings, screenBindings = bindings, overlay = null, right = null, children } = props;
  const { view, remarks, size, isFirstPrompt } = use(ScreenContext);
  const gap = isRoomy(size) ? 1 : 0;
  const page = overlay === null ? lines : overlayLines(overlay, { view, bindings: screenBindings, size });
  return (
    <Box flexDirection="column" marginTop={gap}>
      <Header right={right} />
      <Box flexDirection="column" marginTop={gap}>
        {page.map((entry, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines may repeat; only their position identifies them.
          <LineView key={index} line={entry} columns={size.columns} />
        ))}
        {overlay === null ? children : null}
        {isFirstPrompt && overlay === null ? <FirstRemark /> : null}
        {(overlay === null ? remarks.slice(-shownRemarks) : []).map((remark) => (
          <LineView key={remark.text} line={remark} columns={size.columns} isCut />
        ))}
      </Box>
      <Box marginTop={gap}>
        <Footer bindings={bindings} />
      </Box>
    </Box>
  );
}
