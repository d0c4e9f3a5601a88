import type { ReactNode } from 'react';
import type { Prompt, Reply } from '../../model/question.ts';
import { actionOf, pauseBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { LiveArea } from './live-area.tsx';
import { useKeys } from './use-keys.ts';

/** Waits for any key. */
export function PauseScreen(props: {
  prompt: Extract<Prompt, { type: 'pause' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  useKeys({
    onKey: ({ name, letter }) => {
      const action = actionOf(pauseBindings, { name: name as KeyName, letter });
      if (action !== null) onReply({ type: action === 'cancel' ? 'cancel' : 'accept' });
    },
  });
  return <LiveArea lines={promptLines(prompt)} bindings={pauseBindings} />;
}
