import { Box, Static, useApp, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { checkingLine } from '../../model/display/lines.ts';
import type { UserAction } from '../../model/renderer.ts';
import { ChoiceScreen } from './choice-screen.tsx';
import { ColorContext, RehearsalContext, StaticLine, TaggedLine } from './line-view.tsx';
import { PauseScreen } from './pause-screen.tsx';
import { PlanScreen } from './plan-screen.tsx';
import { ProgressScreen } from './progress-screen.tsx';
import type { ScrollbackBlock, ScreenState, ScreenStore } from './screen-store.ts';
import { ValueScreen } from './value-screen.tsx';

type AppProps = {
  store: ScreenStore;
  now: () => number;
  hasColor: boolean;
  onIntent: (intent: UserAction) => void;
};

/** Finished things above, in the scrollback; below them the one screen that the state calls for. */
export function App({ store, now, hasColor, onIntent }: AppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const { exit } = useApp();
  // Once for all: each use listens to the terminal, and many lines may come at once.
  const { columns } = useWindowSize();
  // In an effect: the last frame is on the terminal before Ink lets go of it.
  useEffect(() => {
    if (state.isClosing) exit();
  }, [state.isClosing, exit]);
  return (
    <ColorContext value={hasColor}>
      <RehearsalContext value={state.view.rehearsal}>
        <Static items={[...state.blocks]}>
          {(block) => <BlockView key={block.id} block={block} columns={columns} />}
        </Static>
        <Screen state={state} now={now} onIntent={onIntent} store={store} />
      </RehearsalContext>
    </ColorContext>
  );
}

function BlockView({ block, columns }: { block: ScrollbackBlock; columns: number }): ReactNode {
  return (
    <Box flexDirection="column" marginTop={block.hasGap ? 1 : 0}>
      {block.lines.map((line, index) =>
        block.isTagged && index === 0 ? (
          <TaggedLine key={index} isRehearsal line={line} columns={columns} />
        ) : (
          <StaticLine key={index} line={line} columns={columns} />
        ),
      )}
    </Box>
  );
}

type ScreenProps = Pick<AppProps, 'store' | 'now' | 'onIntent'> & { state: ScreenState };

function Screen({ state, store, now, onIntent }: ScreenProps): ReactNode {
  const { openPrompt: asked, view } = state;
  if (state.isClosing) return null;
  if (asked === null) {
    if (view.finished !== null) return null;
    const onToggleLog = (): void => {
      if (!state.isLogOpen) onIntent({ type: 'open-log' });
      store.update((one) => ({ ...one, isLogOpen: !one.isLogOpen }), 'now');
    };
    return <ProgressScreen {...{ view, now, onToggleLog, onIntent, isLogOpen: state.isLogOpen }} />;
  }
  const { id, prompt, settle: onReply } = asked;
  switch (prompt.type) {
    case 'value':
      return <ValueScreen key={id} prompt={prompt} checking={checkingLine(view)} onReply={onReply} />;
    case 'choice':
      return <ChoiceScreen key={id} prompt={prompt} onReply={onReply} />;
    case 'confirm-plan':
      return <PlanScreen key={id} prompt={prompt} onReply={onReply} />;
    case 'pause':
      return <PauseScreen key={id} prompt={prompt} onReply={onReply} />;
    default:
      return prompt satisfies never;
  }
}
