import type { ReactNode } from 'react';
import type { Prompt, Reply } from '../../model/question.ts';
import { actionOf, planBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { LiveArea } from './live-area.tsx';
import { useKeys } from './use-keys.ts';

/** Confirms the plan, which is in the scrollback. Only Enter applies it; a paste does nothing. */
export function PlanScreen(props: {
  prompt: Extract<Prompt, { type: 'confirm-plan' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const bindings = planBindings(prompt.canGoBack);
  const replies = { apply: { type: 'accept' }, back: { type: 'back' }, cancel: { type: 'cancel' } } as const;
  useKeys({
    onKey: ({ name, letter }) => {
      const action = actionOf(bindings, { name: name as KeyName, letter });
      if (action !== null) onReply(replies[action]);
    },
  });
  return <LiveArea lines={promptLines(prompt).slice(0, 1)} bindings={bindings} />;
}
