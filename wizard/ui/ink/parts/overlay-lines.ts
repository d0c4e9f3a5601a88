import { line, textLines, type Line } from '../../../model/display/line.ts';
import { permissionLines } from '../../../model/display/permissions.ts';
import type { View } from '../../../model/display/view.ts';
import { serviceTitles } from '../../../model/service.ts';
import type { KeyBinding } from '../../keys.ts';
import { permissionPages, type Overlay } from '../terminal/use-commands.ts';
import { isRoomy, type WindowSize } from './window.ts';

/** The lines of the page that is shown instead of a screen. */
export function overlayLines(
  overlay: Overlay,
  options: { view: View; bindings: readonly KeyBinding<string>[]; size: WindowSize },
): Line[] {
  const { view } = options;
  return overlay.type === 'help' ? helpLines(options) : permissionPage(view, overlay.index);
}

function permissionPage(view: View, index: number): Line[] {
  const pages = permissionPages(view);
  const check = pages[index];
  if (check === undefined) return [];
  const place = pages.length > 1 ? ` (${index + 1} of ${pages.length}; Ctrl-P: the next)` : '';
  return [
    line(`What the ${serviceTitles[check.service]} credential may do${place}`, 'strong'),
    line(`  ${check.message}`, 'plain', 2),
    ...(check.rights === null ? [] : permissionLines(check.rights)),
    ...textLines(check.remedy, 'warn'),
  ];
}

function helpLines(options: {
  view: View;
  bindings: readonly KeyBinding<string>[];
  size: WindowSize;
}): Line[] {
  const { view, bindings, size } = options;
  const hints = bindings.flatMap(({ hint }) => (hint === null ? [] : [hint])).join('   ');
  if (!isRoomy(size)) return [talksTo(view), line(hints)];
  const { hosts } = view;
  const width = Math.max(0, ...hosts.map(({ host }) => host.length)) + 2;
  const rows = hosts.map(({ host, sends }) => line(`  ${host.padEnd(width)}${sends}`, 'plain', 2 + width));
  return [
    ...(hosts.length === 0
      ? [talksTo(view)]
      : [line('What this run talks to, and what each host is sent', 'strong'), ...rows]),
    line('No telemetry, no update check. Keys are kept in memory only.'),
    line('Keys', 'strong'),
    line(`  ${hints}`, 'plain', 2),
    line(
      '  In a field: Ctrl-U clears, Ctrl-W erases a word; a whole .env can be pasted anywhere.',
      'plain',
      2,
    ),
  ];
}

/** The hosts in one sentence. */
export function talksTo({ hosts, rehearsal }: View): Line {
  if (rehearsal) return line('Talks to no host: everything is on this machine.', 'dim');
  if (hosts.length === 0) return line('No telemetry, no update check.', 'dim');
  const names = hosts.map(({ host }) => host);
  const last = names.length > 1 ? ` and ${names.at(-1)}` : '';
  const list = names.length > 1 ? names.slice(0, -1).join(', ') : names.join('');
  return line(`Talks to ${list}${last}. No telemetry.`, 'dim');
}
