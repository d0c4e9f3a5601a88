import { expect, it } from 'vitest';
import { openCommand } from '../../../wizard/ui/open-page.ts';

const url = 'https://a.example/keys?x=1&y=2';

it.each([
  ['linux', 'xdg-open', [url]],
  ['darwin', 'open', [url]],
  ['win32', 'rundll32', ['url.dll,FileProtocolHandler', url]],
])('on %s an address is one argument of %s, never a shell’s text', (platform, command, args) => {
  expect(openCommand(platform, url)).toEqual({ command, args });
});
