import { Text, useWindowSize } from 'ink';
import { useRef, useState, type ReactNode } from 'react';
import type { Choice, Prompt, Reply } from '../../model/question.ts';
import { actionOf, choiceBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { useTone } from './line-view.tsx';
import { Live } from './live.tsx';
import { useKeys } from './use-keys.ts';

function ChoiceRow({ choice, number, isAt }: { choice: Choice; number: number; isAt: boolean }): ReactNode {
  const strong = useTone('strong');
  const dim = useTone('dim');
  return (
    <Text>
      {isAt ? '> ' : '  '}
      <Text {...(isAt ? strong : {})}>{`${number} ${choice.label}`}</Text>
      {choice.note === null ? '' : <Text {...dim}>{`  ${choice.note}`}</Text>}
    </Text>
  );
}

/** Which choices are drawn when there are more than fit: a window that holds the one at hand. */
export function windowOf(options: { count: number; at: number; size: number }): { from: number; to: number } {
  const { count, at, size } = options;
  const from = Math.max(0, Math.min(at - Math.floor(size / 2), count - size));
  return { from, to: Math.min(count, from + size) };
}

/** One of several: by arrows, j and k, or its number; taken by Enter only. */
export function ChoiceScreen(props: {
  prompt: Extract<Prompt, { type: 'choice' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const { choices } = prompt;
  const [at, setAt] = useState(0);
  const truth = useRef(0);
  const { rows } = useWindowSize();
  const move = (to: number): void => {
    truth.current = (to + choices.length) % Math.max(1, choices.length);
    setAt(truth.current);
  };
  const bindings = choiceBindings(prompt);
  const actions = {
    up: () => move(truth.current - 1),
    down: () => move(truth.current + 1),
    take: () => {
      const chosen = choices[truth.current];
      if (chosen !== undefined) onReply({ type: 'choice', value: chosen.value });
    },
    back: () => onReply({ type: 'back' }),
    cancel: () => onReply({ type: 'cancel' }),
  };
  useKeys({
    onKey: ({ name, letter }) => {
      const number = name === 'letter' && /^[1-9]$/.test(letter) ? Number(letter) : 0;
      if (number > 0 && number <= choices.length) move(number - 1);
      const action = actionOf(bindings, { name: name as KeyName, letter });
      if (action !== null) actions[action]();
    },
  });
  const lines = promptLines(prompt);
  const room = Math.max(3, Math.min(7, rows - 4) - lines.length);
  const { from, to } = windowOf({
    count: choices.length,
    at,
    size: Math.max(room, Math.min(4, choices.length)),
  });
  return (
    <Live lines={lines} bindings={bindings}>
      {choices.slice(from, to).map((choice, index) => (
        <ChoiceRow key={choice.value} choice={choice} number={from + index + 1} isAt={from + index === at} />
      ))}
      {to - from < choices.length ? <Text>{`  ${choices.length} in all`}</Text> : null}
    </Live>
  );
}
