import { Box, Static, useApp, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import type { UserAction } from '../../model/renderer.ts';
import { ChoiceScreen } from './screens/choice-screen.tsx';
import { ColorContext, StaticLine, TaggedLine } from './parts/line-view.tsx';
import { tickMs } from './parts/spinner.ts';
import { ScreenContext } from './parts/screen-context.ts';
import { PauseScreen } from './screens/pause-screen.tsx';
import { PlanScreen } from './screens/plan-screen.tsx';
import { ProgressScreen } from './screens/progress-screen.tsx';
import type { ScrollbackBlock, ScreenState, ScreenStore } from './screen-store.ts';
import { ValueScreen } from './screens/value-screen.tsx';

type AppProps = {
  store: ScreenStore;
  hasColor: boolean;
  onUserAction: (action: UserAction) => void;
};

/** Finished output in the scrollback, and below it the screen for the current state. */
export function App({ store, hasColor, onUserAction }: AppProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const { view, outline, remarks, openPrompt, time } = state;
  const isFirstPrompt = openPrompt?.id === 1 && outline?.phase === 'keys';
  const { exit } = useApp();
  // Read once here: each use adds a listener, and there can be many lines.
  const size = useWindowSize();
  // While something moves; a prompt alone is drawn when a key is pressed.
  const isMoving =
    !state.isClosing &&
    (openPrompt === null || [...view.checks, ...view.steps].some((entry) => entry.state === 'running'));
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(() => store.tick(), tickMs);
    return () => clearInterval(timer);
  }, [isMoving, store]);
  // In an effect, so that the last frame is drawn before Ink exits.
  useEffect(() => {
    if (state.isClosing) exit();
  }, [state.isClosing, exit]);
  return (
    <ColorContext value={hasColor}>
      <ScreenContext value={{ view, outline, remarks, isFirstPrompt, size, time, onUserAction }}>
        <Static items={[...state.blocks]}>
          {(block) => <BlockView key={block.id} block={block} columns={size.columns} />}
        </Static>
        <Screen state={state} onUserAction={onUserAction} store={store} />
      </ScreenContext>
    </ColorContext>
  );
}

function BlockView({ block, columns }: { block: ScrollbackBlock; columns: number }): ReactNode {
  return (
    <Box flexDirection="column" marginTop={block.hasGap ? 1 : 0}>
      {block.lines.map((line, index) =>
        block.isTagged && index === 0 ? (
          <TaggedLine key={index} line={line} columns={columns} />
        ) : (
          <StaticLine key={index} line={line} columns={columns} />
        ),
      )}
    </Box>
  );
}

type ScreenProps = Pick<AppProps, 'store' | 'onUserAction'> & { state: ScreenState };

function Screen({ state, store, onUserAction }: ScreenProps): ReactNode {
  const { openPrompt, view } = state;
  if (state.isClosing) return null;
  if (openPrompt === null) {
    if (view.finished !== null) return null;
    const onToggleLog = (): void => {
      if (!state.isLogOpen) onUserAction({ type: 'open-log' });
      store.update((current) => ({ ...current, isLogOpen: !current.isLogOpen }), 'now');
    };
    return <ProgressScreen {...{ view, onToggleLog, onUserAction, isLogOpen: state.isLogOpen }} />;
  }
  const { id, prompt, settle: onReply } = openPrompt;
  switch (prompt.type) {
    case 'value':
      return <ValueScreen key={id} prompt={prompt} onReply={onReply} />;
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
