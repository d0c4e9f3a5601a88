import type { Prompt } from '../model/question.ts';

export type KeyName = 'enter' | 'escape' | 'up' | 'down' | 'ctrl-c' | 'ctrl-o' | 'ctrl-p' | 'f1' | 'letter';

/** Keys of a screen, their action, and the hint in the footer; null shows none. */
export type KeyBinding<Action extends string> = {
  keys: readonly (KeyName | string)[];
  action: Action;
  hint: string | null;
  /** Not in the footer of a narrow window; the help lists it. */
  isMinor?: boolean;
};

const valueKeys = {
  next: { keys: ['enter'], action: 'next', hint: 'Enter next' },
  accept: { keys: ['enter'], action: 'next', hint: 'Enter use it' },
  skip: { keys: ['enter'], action: 'next', hint: 'Enter leave empty' },
} as const;

const back = { keys: ['escape'], action: 'back', hint: 'Esc back' } as const;
const cancel = { keys: ['ctrl-c'], action: 'cancel', hint: 'Ctrl-C cancel' } as const;

/** What every screen offers beside its own keys: pages to read, and a page to open. */
export type CommonAction = 'help' | 'permissions' | 'open-page';
export type ValueAction = 'next' | 'back' | 'cancel';
export type ChoiceAction = 'up' | 'down' | 'select' | 'back' | 'cancel';
export type PlanAction = 'apply' | 'details' | 'up' | 'down' | 'back' | 'cancel';
export type PauseAction = 'go-on' | 'cancel';
export type ProgressAction = 'log' | 'leave' | 'cancel';

/** The keys of a value screen. Every letter belongs to its field; the hint of Enter depends on what it does. */
export function valueBindings(options: {
  canGoBack: boolean;
  hasText: boolean;
  hasProposal: boolean;
  optional: boolean;
}): KeyBinding<ValueAction>[] {
  const { canGoBack, hasText, hasProposal, optional } = options;
  const enter =
    hasText || !(hasProposal || optional) ? valueKeys.next : hasProposal ? valueKeys.accept : valueKeys.skip;
  return [enter, ...(canGoBack ? [back] : []), cancel];
}

/** Added to a screen's keys, before the one that cancels. */
export function commonBindings(options: {
  hasLink: boolean;
  hasPermissions: boolean;
}): KeyBinding<CommonAction>[] {
  const { hasLink, hasPermissions } = options;
  return [
    ...(hasLink
      ? [{ keys: ['ctrl-o'], action: 'open-page', hint: 'Ctrl-O page', isMinor: true } as const]
      : []),
    ...(hasPermissions
      ? [{ keys: ['ctrl-p'], action: 'permissions', hint: 'Ctrl-P rights', isMinor: true } as const]
      : []),
    { keys: ['f1'], action: 'help', hint: 'F1 help' },
  ];
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

/** The keys of the plan screen. Where its details do not fit, they scroll, with `below` rows out of sight. */
export function planBindings(options: {
  canGoBack: boolean;
  hasDetails: boolean;
  canScroll: boolean;
  below: number;
}): KeyBinding<PlanAction>[] {
  const { canGoBack, hasDetails, canScroll, below } = options;
  return [
    { keys: ['enter'], action: 'apply', hint: 'Enter apply' },
    { keys: ['d'], action: 'details', hint: hasDetails ? 'd summary' : 'd every change' },
    ...(canScroll
      ? ([
          { keys: ['up', 'k'], action: 'up', hint: below > 0 ? `↑↓ scroll, ${below} more` : '↑↓ scroll' },
          { keys: ['down', 'j'], action: 'down', hint: null },
        ] as const)
      : []),
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
  { keys: ['q'], action: 'leave', hint: 'q leave, resume later' },
  cancel,
];

/** While checks run and no prompt is open. */
export const waitBindings: readonly KeyBinding<ProgressAction>[] = [cancel];

/** While the run is stopping. */
export const endingBindings: readonly KeyBinding<ProgressAction>[] = [
  { ...cancel, hint: 'Ctrl-C again exits at once' },
];

/** While help or permissions are shown instead of the screen. */
export const overlayBindings: readonly KeyBinding<'close' | 'cancel'>[] = [
  { keys: ['escape', 'enter', 'f1'], action: 'close', hint: 'Esc closes this' },
  cancel,
];

/** The footer, from the same table as the keys. */
export function footerHints(bindings: readonly KeyBinding<string>[], columns: number): string[] {
  const isNarrow = columns < 60;
  return bindings.flatMap(({ hint, isMinor }) =>
    hint === null || (isNarrow && isMinor === true) ? [] : [hint],
  );
}

/** The action of a key; null for every other key. */
export function actionOf<Action extends string>(
  bindings: readonly KeyBinding<Action>[],
  key: { name: string; letter: string },
): Action | null {
  const binding = bindings.find(
    ({ keys }) => keys.includes(key.name) || (key.name === 'letter' && keys.includes(key.letter)),
  );
  return binding?.action ?? null;
}
