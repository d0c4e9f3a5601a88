import { useInput, usePaste, type Key } from 'ink';
import type { KeyName } from '../../keys.ts';
import { f1 } from './input-filter.ts';

export type KeyPress = {
  name: KeyName | 'left' | 'right' | 'home' | 'end' | 'backspace' | 'delete' | 'ctrl-u' | 'ctrl-w';
  letter: string;
};

function keyName(input: string, key: Key): KeyPress['name'] | null {
  if (key.return || /^[\r\n]+$/.test(input)) return 'enter';
  if (key.escape) return 'escape';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  if (input === f1) return 'f1';
  if (key.ctrl) return controls[input] ?? null;
  if (key.meta || key.tab || input === '') return null;
  return 'letter';
}

const controls: Record<string, KeyPress['name']> = {
  c: 'ctrl-c',
  o: 'ctrl-o',
  p: 'ctrl-p',
  u: 'ctrl-u',
  w: 'ctrl-w',
  a: 'home',
  e: 'end',
};

/**
 * Handles keys and pastes of a screen. Several characters in one chunk are a paste, with or without paste markers; a
 * newline in it is data, not Enter.
 */
export function useKeys(options: {
  onKey: (pressed: KeyPress) => void;
  onPaste?: (text: string) => void;
}): void {
  const { onKey, onPaste } = options;
  const paste = (text: string): void => onPaste?.(text);
  useInput((input, key) => {
    const name = keyName(input, key);
    if (name === 'letter' && [...input].length > 1) paste(input);
    else if (name !== null) onKey({ name, letter: input });
  });
  usePaste(paste);
}
