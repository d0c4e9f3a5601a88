import { Box, Text, useWindowSize } from 'ink';
import { useRef, useState, type ReactNode } from 'react';
import type { Choice, Prompt, Reply } from '../../model/question.ts';
import { actionOf, choiceBindings, type KeyName } from '../keys.ts';
import { promptLines } from '../prompt-lines.ts';
import { filterChoices } from '../filter-choices.ts';
import { useTone } from './line-view.tsx';
import { LiveArea } from './live-area.tsx';
import { useKeys } from './use-keys.ts';

function ChoiceRow(props: { choice: Choice; number: number | null; isSelected: boolean }): ReactNode {
  const { choice, number, isSelected } = props;
  const strong = useTone('strong');
  const dim = useTone('dim');
  const head = `${isSelected ? '> ' : '  '}${number === null ? '' : `${number} `}`;
  // A wrapped label continues below the label, not below the number.
  return (
    <Box>
      <Box flexShrink={0}>
        <Text {...(isSelected ? strong : {})}>{head}</Text>
      </Box>
      <Text>
        <Text {...(isSelected ? strong : {})}>{choice.label}</Text>
        {choice.note === null ? '' : <Text {...dim}>{`  ${choice.note}`}</Text>}
      </Text>
    </Box>
  );
}

/** The choices to draw when not all fit: a window that contains the selected one. */
function visibleRange(options: { count: number; selected: number; size: number }): {
  from: number;
  to: number;
} {
  const { count, selected, size } = options;
  const from = Math.max(0, Math.min(selected - Math.floor(size / 2), count - size));
  return { from, to: Math.min(count, from + size) };
}

/** A choice: moves by arrows, j and k, or number; a searched list filters as the user types. Enter selects. */
export function ChoiceScreen(props: {
  prompt: Extract<Prompt, { type: 'choice' }>;
  onReply: (reply: Reply) => void;
}): ReactNode {
  const { prompt, onReply } = props;
  const isSearched = prompt.isSearched === true;
  const [{ selected, query }, draw] = useState({ selected: 0, query: '' });
  const latest = useRef({ selected: 0, query: '' });
  const { rows } = useWindowSize();
  const matching = (): readonly Choice[] => filterChoices(prompt.choices, latest.current.query);
  const move = (to: number): void => {
    const count = Math.max(1, matching().length);
    latest.current = { ...latest.current, selected: (to + count) % count };
    draw(latest.current);
  };
  const search = (text: string): void => draw((latest.current = { selected: 0, query: text }));
  const bindings = choiceBindings(prompt);
  const actions = {
    up: () => move(latest.current.selected - 1),
    down: () => move(latest.current.selected + 1),
    select: () => {
      const chosen = matching()[latest.current.selected];
      if (chosen !== undefined) onReply({ type: 'choice', value: chosen.value });
    },
    back: () => (latest.current.query === '' ? onReply({ type: 'back' }) : search('')),
    cancel: () => onReply({ type: 'cancel' }),
  };
  useKeys({
    onKey: ({ name, letter }) => {
      if (isSearched && name === 'letter') return search(latest.current.query + letter);
      if (isSearched && name === 'backspace') return search(latest.current.query.slice(0, -1));
      const number = name === 'letter' && /^[1-9]$/.test(letter) ? Number(letter) : 0;
      if (number > 0 && number <= prompt.choices.length) move(number - 1);
      const action = actionOf(bindings, { name: name as KeyName, letter });
      if (action !== null) actions[action]();
    },
    onPaste: (text) => {
      if (isSearched) search(latest.current.query + text.trim());
      else if (prompt.takesPaste === true) onReply({ type: 'value', raw: text });
    },
  });
  const lines = promptLines(prompt);
  const choices = filterChoices(prompt.choices, query);
  const available = Math.max(3, Math.min(7, rows - 4) - lines.length - (isSearched ? 1 : 0));
  const size = Math.max(available, Math.min(4, choices.length));
  const { from, to } = visibleRange({ count: choices.length, selected, size });
  return (
    <LiveArea lines={lines} bindings={bindings}>
      {choices.slice(from, to).map((choice, index) => (
        <ChoiceRow
          key={choice.value}
          choice={choice}
          number={isSearched ? null : from + index + 1}
          isSelected={from + index === selected}
        />
      ))}
      {isSearched || to - from < choices.length ? (
        <Text>{`  ${matchCount({ query, matches: choices.length, all: prompt.choices.length })}`}</Text>
      ) : null}
    </LiveArea>
  );
}

function matchCount({ query, matches, all }: { query: string; matches: number; all: number }): string {
  return query === '' ? `${all} in all` : `“${query}”: ${matches} of ${all}`;
}
