import { use, useState } from 'react';
import type { View } from '../../../model/display/view.ts';
import { actionOf, commonBindings, overlayBindings, type CommonAction, type KeyBinding } from '../../keys.ts';
import { ScreenContext } from '../parts/screen-context.ts';
import { useKeys, type KeyPress } from './use-keys.ts';

/** A page that is shown instead of a screen, until it is closed: the help, or what one credential may do. */
export type Overlay = { type: 'help' } | { type: 'permissions'; index: number };

type Commands<Action extends string> = {
  bindings: readonly KeyBinding<Action>[];
  actions: Readonly<Record<Action, () => void>>;
  /** The page where the value is made, which Ctrl-O opens. */
  link?: string | null;
  /** Every other key. */
  onOtherKey?: (pressed: KeyPress) => void;
  onPaste?: (text: string) => void;
};

/** The keys in the footer, those that the help lists, and the page that is shown instead of the screen. */
export type Area = {
  bindings: readonly KeyBinding<string>[];
  screenBindings: readonly KeyBinding<string>[];
  overlay: Overlay | null;
};

/** The keys of a screen, with those that every screen has. */
export function useCommands<Action extends string>(commands: Commands<Action>): Area {
  const { actions, link = null, onOtherKey, onPaste } = commands;
  const { view, outline, onUserAction } = use(ScreenContext);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const hasPermissions = outline?.phase === 'keys' && permissionPages(view).length > 0;
  const common = commonBindings({ hasLink: link !== null, hasPermissions });
  const isCancel = ({ action }: KeyBinding<string>): boolean => action === 'cancel';
  const bindings = [
    ...commands.bindings.filter((binding) => !isCancel(binding)),
    ...common,
    ...commands.bindings.filter(isCancel),
  ];
  const commonActions: Record<CommonAction, () => void> = {
    help: () => setOverlay({ type: 'help' }),
    permissions: () => setOverlay(nextPage(overlay, permissionPages(view).length)),
    'open-page': () => link !== null && onUserAction({ type: 'open-page', url: link }),
  };
  const onKey = (pressed: KeyPress): void => {
    const commonAction = actionOf(common, pressed);
    if (overlay !== null && commonAction !== 'permissions') {
      if (actionOf(overlayBindings, pressed) === 'close') setOverlay(null);
      else if (pressed.name === 'ctrl-c') press(commands, pressed);
      return;
    }
    if (commonAction !== null) commonActions[commonAction]();
    else if (actionOf(commands.bindings, pressed) === null) onOtherKey?.(pressed);
    else press({ ...commands, actions }, pressed);
  };
  useKeys({ onKey, onPaste: (text) => (overlay === null ? onPaste?.(text) : undefined) });
  return { bindings: overlay === null ? bindings : overlayBindings, screenBindings: bindings, overlay };
}

function press<Action extends string>(
  { bindings, actions }: Pick<Commands<Action>, 'bindings' | 'actions'>,
  pressed: KeyPress,
): void {
  const action = actionOf(bindings, pressed);
  if (action !== null) actions[action]();
}

/** After the last page the screen comes back. */
function nextPage(overlay: Overlay | null, count: number): Overlay | null {
  const index = overlay?.type === 'permissions' ? overlay.index + 1 : 0;
  return index < count ? { type: 'permissions', index } : null;
}

/** The checks that have something to tell of permissions. */
export function permissionPages({ checks }: View): View['checks'] {
  return checks.filter(
    ({ rights, state, remedy }) => rights !== null || (state === 'accepted' && remedy !== ''),
  );
}
