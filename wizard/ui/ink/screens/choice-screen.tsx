import { Box, Text } from 'ink';
import { use, useRef, useState, type ReactNode } from 'react';
import type { Choice, Prompt, Reply } from '../../../model/question.ts';
import { choiceBindings } from '../../keys.ts';
import { mustMask } from '../../mask.ts';
import { promptLines } from '../../prompt-lines.ts';
import { filterChoices } from '../../filter-choices.ts';
import { InterviewSoFar } from '../parts/interview-so-far.tsx';
import { OfferedKeys } from '../parts/key-list.tsx';
import { LineView, useTone } from '../parts/line-view.tsx';
import { ScreenContext } from '../parts/screen-context.ts';
import { LiveArea } from '../parts/live-area.tsx';
import { isRoomy } from '../parts/window.ts';
import { useCommands } from '../terminal/use-commands.ts';

function ChoiceRow(props: { choice: Choice; number: number | null; isSelected: boolean }): ReactNode {
  const { choice, number, isSelected } = props;
  const strong = useTone('strong');
  const dim = useTone('dim');
  const head = `${isSelected ? '> ' : '  '}${number === null ? '' : `${number} `}`;
  // In a small window only the selected choice takes more than a row.
  const isCut = !isSelected && !isRoomy(use(ScreenContext).size);
  // A wrapped label continues below the label, not below the number.
  return (
    <Box>
      <Box flexShrink={0}>
        <Text {...(isSelected ? strong : {})}>{head}</Text>
      </Box>
      <Text wrap={isCut ? 'truncate-end' : 'wrap'}>
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
  const { size: window, outline, onUserAction } = use(ScreenContext);
  const { rows, columns } = window;
  const matching = (): readonly Choice[] => filterChoices(prompt.choices, latest.current.query);
  const move = (to: number): void => {
    const count = Math.max(1, matching().length);
    latest.current = { ...latest.current, selected: (to + count) % count };
    draw(latest.current);
  };
  const search = (text: string): void => draw((latest.current = { selected: 0, query: text }));
  const actions = {
    up: () => move(latest.current.selected - 1),
    down: () => move(latest.current.selected + 1),
    select: () => {
      const chosen = matching()[latest.current.selected];
      if (chosen?.opensLink === true && prompt.link !== undefined)
        onUserAction({ type: 'open-page', url: prompt.link });
      else if (chosen !== undefined) onReply({ type: 'choice', value: chosen.value });
    },
    back: () => (latest.current.query === '' ? onReply({ type: 'back' }) : search('')),
    cancel: () => onReply({ type: 'cancel' }),
  };
  const area = useCommands({
    bindings: choiceBindings(prompt),
    actions,
    link: prompt.link ?? null,
    onOtherKey: ({ name, letter }) => {
      if (isSearched && name === 'letter') return search(latest.current.query + letter);
      if (isSearched && name === 'backspace') return search(latest.current.query.slice(0, -1));
      const number = name === 'letter' && /^[1-9]$/.test(letter) ? Number(letter) : 0;
      if (number > 0 && number <= prompt.choices.length) move(number - 1);
    },
    onPaste: (text) => {
      if (prompt.takesPaste === true && (!isSearched || mustMask(text)))
        onReply({ type: 'value', raw: text });
      else if (isSearched) search(latest.current.query + text.trim());
    },
  });
  const isStart = outline !== null && prompt.name === 'start';
  const lines = promptLines(prompt, { hasChecklist: isStart });
  const choices = filterChoices(prompt.choices, query);
  const available = Math.max(3, Math.min(7, rows - 4) - lines.length - (isSearched ? 1 : 0));
  const size = Math.max(available, Math.min(4, choices.length));
  const { from, to } = visibleRange({ count: choices.length, selected, size });
  return (
    <LiveArea lines={[]} {...area}>
      {isStart && isRoomy(window) ? <OfferedKeys /> : <InterviewSoFar />}
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines may repeat; only their position identifies them.
        <LineView key={index} line={line} columns={columns} />
      ))}
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
