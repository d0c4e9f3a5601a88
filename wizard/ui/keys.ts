import type { Prompt } from '../model/question.ts';

export type KeyName = 'enter' | 'escape' | 'up' | 'down' | 'ctrl-c' | 'ctrl-u' | 'letter';

/** Keys of a screen, their action, and the hint in the footer; null shows none. */
export type KeyBinding<Action extends string> = {
  keys: readonly (KeyName | string)[];
  action: Action;
  hint: string | null;
};

const valueKeys = {
  next: { keys: ['enter'], action: 'next', hint: 'Enter next' },
  accept: { keys: ['enter'], action: 'next', hint: 'Enter use it' },
  skip: { keys: ['enter'], action: 'next', hint: 'Enter leave empty' },
  clear: { keys: ['ctrl-u'], action: 'clear', hint: 'Ctrl-U clear' },
} as const;

const back = { keys: ['escape'], action: 'back', hint: 'Esc back' } as const;
const cancel = { keys: ['ctrl-c'], action: 'cancel', hint: 'Ctrl-C cancel' } as const;

export type ValueAction = 'next' | 'clear' | 'back' | 'cancel';
export type ChoiceAction = 'up' | 'down' | 'select' | 'back' | 'cancel';
export type PlanAction = 'apply' | 'back' | 'cancel';
export type PauseAction = 'go-on' | 'cancel';
export type ProgressAction = 'log' | 'leave' | 'cancel';

/** The keys of a value screen; the hint of Enter depends on what it does. */
export function valueBindings(options: {
  canGoBack: boolean;
  hasText: boolean;
  hasProposal: boolean;
  optional: boolean;
}): KeyBinding<ValueAction>[] {
  const { canGoBack, hasText, hasProposal, optional } = options;
  const enter =
    hasText || !(hasProposal || optional) ? valueKeys.next : hasProposal ? valueKeys.accept : valueKeys.skip;
  return [enter, ...(canGoBack ? [back] : []), ...(hasText ? [valueKeys.clear] : []), cancel];
}

/** The keys of a choice screen. */
export function choiceBindings({
  canGoBack,
  choices,
  isSearched,
}: Extract<Prompt, { type: 'choice' }>): KeyBinding<ChoiceAction>[] {
  if (isSearched === true) {
    return [
      { keys: ['up'], action: 'up', hint: 'Type to search   ↑↓ choose' },
      { keys: ['down'], action: 'down', hint: null },
      { keys: ['enter'], action: 'select', hint: 'Enter select' },
      ...(canGoBack ? [back] : []),
      cancel,
    ];
  }
  const highest = Math.min(9, choices.length);
  return [
    { keys: ['up', 'k'], action: 'up', hint: highest > 1 ? `↑↓ or 1-${highest} choose` : null },
    { keys: ['down', 'j'], action: 'down', hint: null },
    { keys: ['enter'], action: 'select', hint: 'Enter select' },
    ...(canGoBack ? [back] : []),
    cancel,
  ];
}

/** The keys of the plan screen. */
export function planBindings(canGoBack: boolean): KeyBinding<PlanAction>[] {
  return [
    { keys: ['enter'], action: 'apply', hint: 'Enter apply' },
    { ...back, hint: canGoBack ? 'Esc back' : 'Esc do not apply' },
    cancel,
  ];
}

/** The keys of the pause screen. */
export const pauseBindings: readonly KeyBinding<PauseAction>[] = [
  { keys: ['enter', 'escape', 'letter'], action: 'go-on', hint: 'Any key exits' },
  cancel,
];

/** The keys while steps run. */
export const progressBindings: readonly KeyBinding<ProgressAction>[] = [
  { keys: ['l'], action: 'log', hint: 'l log' },
  { keys: ['q'], action: 'leave', hint: 'q leave' },
  cancel,
];

/** While checks run and no prompt is open. */
export const waitBindings: readonly KeyBinding<ProgressAction>[] = [cancel];

/** While the run is stopping. */
export const endingBindings: readonly KeyBinding<ProgressAction>[] = [
  { ...cancel, hint: 'Ctrl-C again exits at once' },
];

/** The footer, from the same table as the keys. */
export function footerText(bindings: readonly KeyBinding<string>[]): string {
  return bindings.flatMap(({ hint }) => (hint === null ? [] : [hint])).join('   ');
}

/** The action of a key; null for every other key. */
export function actionOf<Action extends string>(
  bindings: readonly KeyBinding<Action>[],
  key: { name: KeyName; letter: string },
): Action | null {
  const binding = bindings.find(
    ({ keys }) => keys.includes(key.name) || (key.name === 'letter' && keys.includes(key.letter)),
  );
  return binding?.action ?? null;
}
