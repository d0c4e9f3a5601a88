import type { ReactNode } from 'react';
import type { Prompt, Reply } from '../../../model/question.ts';
import { pauseBindings } from '../../keys.ts';
import { promptLines } from '../../prompt-lines.ts';
import { LiveArea } from '../parts/live-area.tsx';
import { useCommands } from '../terminal/use-commands.ts';

/** Waits for any key. */
export function PauseScreen(props: {
  prompt: Extract<Prompt, { type: 'pause' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const area = useCommands({
    bindings: pauseBindings,
    actions: { 'go-on': () => onReply({ type: 'accept' }), cancel: () => onReply({ type: 'cancel' }) },
  });
  return <LiveArea lines={promptLines(prompt)} {...area} />;
}
