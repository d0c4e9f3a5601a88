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
  'a field that may be empty': keys.valueBindings({ ...value, hasText: false, optional: true }),
  'a first field': keys.valueBindings({ ...value, canGoBack: false }),
  'a choice': keys.choiceBindings(choice({})),
  'a choice of one': keys.choiceBindings(choice({ choices: [{ value: 'a', label: 'a', note: null }] })),
  'a first choice': keys.choiceBindings(choice({ canGoBack: false })),
  'a searched choice': keys.choiceBindings(choice({ isSearched: true })),
  'the plan': keys.planBindings(true),
  'the plan, with nothing before it': keys.planBindings(false),
  'a pause': keys.pauseBindings,
  'steps that run': keys.progressBindings,
  'a wait': keys.waitBindings,
  'an ending': keys.endingBindings,
};

/** The keys that a hint names, as they arrive. */
const named: readonly [RegExp, keys.KeyName | string][] = [
  [/^Enter /, 'enter'],
  [/^Esc /, 'escape'],
  [/^Ctrl-C /, 'ctrl-c'],
  [/^Ctrl-U /, 'ctrl-u'],
  [/↑↓/, 'up'],
  [/^Any key/, 'letter'],
  [/^([a-z]) /, 'letter'],
];

describe.each(Object.entries(footers))('the footer of %s', (_, bindings) => {
  it('names keys that do what it says, and Ctrl-C always', () => {
    for (const { hint, action } of bindings) {
      if (hint === null) continue;
      const [pattern, name] = named.find(([one]) => one.test(hint)) ?? [];
      expect(name, `no key is known for “${hint}”`).toBeDefined();
      const letter = pattern?.exec(hint)?.[1] ?? '';
      expect(keys.actionOf(bindings, { name: name as keys.KeyName, letter }), hint).toBe(action);
    }
    expect(keys.actionOf(bindings, { name: 'ctrl-c', letter: '' })).toBe('cancel');
  });

  it('names Esc exactly where it goes back', () => {
    const goesBack = keys.actionOf(bindings, { name: 'escape', letter: '' }) === 'back';
    expect(keys.footerText(bindings).includes('Esc ')).toBe(goesBack);
  });
});
