import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../wizard/model/question.ts';
import * as keys from '../../../wizard/ui/keys.ts';

const choice = (more: Partial<Extract<Prompt, { type: 'choice' }>>): Extract<Prompt, { type: 'choice' }> => ({
  type: 'choice',
  name: 'x',
  title: '?',
  lines: [],
  choices: ['a', 'b', 'c'].map((value) => ({ value, label: value, note: null })),
  canGoBack: true,
  ...more,
});
const value = { canGoBack: true, hasText: true, hasProposal: false, optional: false };

const footers: Record<string, readonly keys.KeyBinding<string>[]> = {
  'a field': keys.valueBindings(value),
  'an empty field': keys.valueBindings({ ...value, hasText: false }),
  'a field with a proposal': keys.valueBindings({ ...value, hasText: false, hasProposal: true }),
  'an optional field': keys.valueBindings({ ...value, hasText: false, optional: true }),
  'a first field': keys.valueBindings({ ...value, canGoBack: false }),
  'a choice': keys.choiceBindings(choice({})),
  'a choice of one': keys.choiceBindings(choice({ choices: [{ value: 'a', label: 'a', note: null }] })),
  'a first choice': keys.choiceBindings(choice({ canGoBack: false })),
  'a searched choice': keys.choiceBindings(choice({ isSearched: true })),
  'the plan': keys.planBindings({ canGoBack: true, hasDetails: false, canScroll: false, below: 0 }),
  'the plan, with nothing before it': keys.planBindings({
    canGoBack: false,
    hasDetails: true,
    canScroll: true,
    below: 3,
  }),
  'a pause': keys.pauseBindings,
  'running steps': keys.progressBindings,
  'a wait': keys.waitBindings,
  'a stopping run': keys.endingBindings,
};

/** The key event for the key in a hint. */
const keyOfHint: readonly [RegExp, keys.KeyName | string][] = [
  [/^Enter /, 'enter'],
  [/^Esc /, 'escape'],
  [/^Ctrl-C /, 'ctrl-c'],
  [/^Ctrl-U /, 'ctrl-u'],
  [/↑↓/, 'up'],
  [/^Any key/, 'letter'],
  [/^([a-z]) /, 'letter'],
];

describe.each(Object.entries(footers))('the footer of %s', (_, bindings) => {
  it('lists keys with their action, and Ctrl-C always cancels', () => {
    for (const { hint, action } of bindings) {
      if (hint === null) continue;
      const [pattern, name] = keyOfHint.find(([pattern]) => pattern.test(hint)) ?? [];
      expect(name, `no key is known for “${hint}”`).toBeDefined();
      const letter = pattern?.exec(hint)?.[1] ?? '';
      expect(keys.actionOf(bindings, { name: name as keys.KeyName, letter }), hint).toBe(action);
    }
    expect(keys.actionOf(bindings, { name: 'ctrl-c', letter: '' })).toBe('cancel');
  });

  it('lists Esc if and only if it goes back', () => {
    const goesBack = keys.actionOf(bindings, { name: 'escape', letter: '' }) === 'back';
    expect(keys.footerHints(bindings, 80).some((hint) => hint.startsWith('Esc '))).toBe(goesBack);
  });
});
