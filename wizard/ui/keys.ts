import type { Prompt } from '../model/question.ts';

export type KeyName = 'enter' | 'escape' | 'up' | 'down' | 'ctrl-c' | 'ctrl-u' | 'letter';

/** What a key does on a screen, and the words for it in the footer; null hints go without saying. */
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
export type ChoiceAction = 'up' | 'down' | 'take' | 'back' | 'cancel';
export type PlanAction = 'apply' | 'back' | 'cancel';
export type PauseAction = 'go-on' | 'cancel';
export type ProgressAction = 'log' | 'leave' | 'cancel';

/** The keys of a value screen; they differ with what Enter would do. */
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

export function choiceBindings({
  canGoBack,
  choices,
  isSearched,
}: Extract<Prompt, { type: 'choice' }>): KeyBinding<ChoiceAction>[] {
  if (isSearched === true) {
    return [
      { keys: ['up'], action: 'up', hint: 'Type to search   ↑↓ choose' },
      { keys: ['down'], action: 'down', hint: null },
      { keys: ['enter'], action: 'take', hint: 'Enter take it' },
      ...(canGoBack ? [back] : []),
      cancel,
    ];
  }
  const most = Math.min(9, choices.length);
  return [
    { keys: ['up', 'k'], action: 'up', hint: most > 1 ? `↑↓ or 1-${most} choose` : null },
    { keys: ['down', 'j'], action: 'down', hint: null },
    { keys: ['enter'], action: 'take', hint: 'Enter take it' },
    ...(canGoBack ? [back] : []),
    cancel,
  ];
}

export function planBindings(canGoBack: boolean): KeyBinding<PlanAction>[] {
  return [
    { keys: ['enter'], action: 'apply', hint: 'Enter apply' },
    { ...back, hint: canGoBack ? 'Esc back' : 'Esc do not apply' },
    cancel,
  ];
}

export const pauseBindings: readonly KeyBinding<PauseAction>[] = [
  { keys: ['enter', 'escape', 'letter'], action: 'go-on', hint: 'Any key ends it' },
  cancel,
];

export const progressBindings: readonly KeyBinding<ProgressAction>[] = [
  { keys: ['l'], action: 'log', hint: 'l log' },
  { keys: ['q'], action: 'leave', hint: 'q leave' },
  cancel,
];

/** While checks run and no question is open. */
export const waitBindings: readonly KeyBinding<ProgressAction>[] = [cancel];

/** Once the run is ending in good order. */
export const endingBindings: readonly KeyBinding<ProgressAction>[] = [
  { ...cancel, hint: 'Ctrl-C again ends it at once' },
];

/** The footer, from the very table that the keys obey. */
export function footerText(bindings: readonly KeyBinding<string>[]): string {
  return bindings.flatMap(({ hint }) => (hint === null ? [] : [hint])).join('   ');
}

/** What a key does here, or null: every other key does nothing. */
export function actionOf<Action extends string>(
  bindings: readonly KeyBinding<Action>[],
  key: { name: KeyName; letter: string },
): Action | null {
  const found = bindings.find(
    ({ keys }) => keys.includes(key.name) || (key.name === 'letter' && keys.includes(key.letter)),
  );
  return found?.action ?? null;
}
