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
  onUserAction: (action: UserAction) => void;
};

/** Finished output in the scrollback, and below it the screen for the current state. */
export function App({ store, now, hasColor, onUserAction }: AppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const { exit } = useApp();
  // Read once here: each use adds a listener, and there can be many lines.
  const { columns } = useWindowSize();
  // In an effect, so that the last frame is drawn before Ink exits.
  useEffect(() => {
    if (state.isClosing) exit();
  }, [state.isClosing, exit]);
  return (
    <ColorContext value={hasColor}>
      <RehearsalContext value={state.view.rehearsal}>
        <Static items={[...state.blocks]}>
          {(block) => <BlockView key={block.id} block={block} columns={columns} />}
        </Static>
        <Screen state={state} now={now} onUserAction={onUserAction} store={store} />
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

type ScreenProps = Pick<AppProps, 'store' | 'now' | 'onUserAction'> & { state: ScreenState };

function Screen({ state, store, now, onUserAction }: ScreenProps): ReactNode {
  const { openPrompt, view } = state;
  if (state.isClosing) return null;
  if (openPrompt === null) {
    if (view.finished !== null) return null;
    const onToggleLog = (): void => {
      if (!state.isLogOpen) onUserAction({ type: 'open-log' });
      store.update((current) => ({ ...current, isLogOpen: !current.isLogOpen }), 'now');
    };
    return <ProgressScreen {...{ view, now, onToggleLog, onUserAction, isLogOpen: state.isLogOpen }} />;
  }
  const { id, prompt, settle: onReply } = openPrompt;
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
