import { Box, Text, useWindowSize } from 'ink';
import { useRef, useState, type ReactNode } from 'react';
import type { Choice, Prompt, Reply } from '../../model/question.ts';
import { actionOf, choiceBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { filterChoices } from '../filter-choices.ts';
import { useTone } from './line-view.tsx';
import { LiveArea } from './live-area.tsx';
import { useKeys } from './use-keys.ts';

function ChoiceRow(props: { choice: Choice; number: number | null; isAt: boolean }): ReactNode {
  const { choice, number, isAt } = props;
  const strong = useTone('strong');
  const dim = useTone('dim');
  const head = `${isAt ? '> ' : '  '}${number === null ? '' : `${number} `}`;
  // What does not fit goes on below the label, not below the number.
  return (
    <Box>
      <Box flexShrink={0}>
        <Text {...(isAt ? strong : {})}>{head}</Text>
      </Box>
      <Text>
        <Text {...(isAt ? strong : {})}>{choice.label}</Text>
        {choice.note === null ? '' : <Text {...dim}>{`  ${choice.note}`}</Text>}
      </Text>
    </Box>
  );
}

/** Which choices are drawn when there are more than fit: a window that holds the one at hand. */
function visibleRange(options: { count: number; at: number; size: number }): { from: number; to: number } {
  const { count, at, size } = options;
  const from = Math.max(0, Math.min(at - Math.floor(size / 2), count - size));
  return { from, to: Math.min(count, from + size) };
}

/** One of several: by arrows, j and k, its number, or by typing a part of it; taken by Enter only. */
export function ChoiceScreen(props: {
  prompt: Extract<Prompt, { type: 'choice' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const isSearched = prompt.isSearched === true;
  const [{ at, sought }, draw] = useState({ at: 0, sought: '' });
  const truth = useRef({ at: 0, sought: '' });
  const { rows } = useWindowSize();
  const shown = (): readonly Choice[] => filterChoices(prompt.choices, truth.current.sought);
  const move = (to: number): void => {
    const count = Math.max(1, shown().length);
    truth.current = { ...truth.current, at: (to + count) % count };
    draw(truth.current);
  };
  const seek = (text: string): void => draw((truth.current = { at: 0, sought: text }));
  const bindings = choiceBindings(prompt);
  const actions = {
    up: () => move(truth.current.at - 1),
    down: () => move(truth.current.at + 1),
    take: () => {
      const chosen = shown()[truth.current.at];
      if (chosen !== undefined) onReply({ type: 'choice', value: chosen.value });
    },
    back: () => (truth.current.sought === '' ? onReply({ type: 'back' }) : seek('')),
    cancel: () => onReply({ type: 'cancel' }),
  };
  useKeys({
    onKey: ({ name, letter }) => {
      if (isSearched && name === 'letter') return seek(truth.current.sought + letter);
      if (isSearched && name === 'backspace') return seek(truth.current.sought.slice(0, -1));
      const number = name === 'letter' && /^[1-9]$/.test(letter) ? Number(letter) : 0;
      if (number > 0 && number <= prompt.choices.length) move(number - 1);
      const action = actionOf(bindings, { name: name as KeyName, letter });
      if (action !== null) actions[action]();
    },
    onPaste: (text) => {
      if (isSearched) seek(truth.current.sought + text.trim());
      else if (prompt.takesPaste === true) onReply({ type: 'value', raw: text });
    },
  });
  const lines = promptLines(prompt);
  const choices = filterChoices(prompt.choices, sought);
  const room = Math.max(3, Math.min(7, rows - 4) - lines.length - (isSearched ? 1 : 0));
  const size = Math.max(room, Math.min(4, choices.length));
  const { from, to } = visibleRange({ count: choices.length, at, size });
  return (
    <LiveArea lines={lines} bindings={bindings}>
      {choices.slice(from, to).map((choice, index) => (
        <ChoiceRow
          key={choice.value}
          choice={choice}
          number={isSearched ? null : from + index + 1}
          isAt={from + index === at}
        />
      ))}
      {isSearched || to - from < choices.length ? (
        <Text>{`  ${matchCount({ sought, found: choices.length, all: prompt.choices.length })}`}</Text>
      ) : null}
    </LiveArea>
  );
}

function matchCount({ sought, found, all }: { sought: string; found: number; all: number }): string {
  return sought === '' ? `${all} in all` : `“${sought}”: ${found} of ${all}`;
}
