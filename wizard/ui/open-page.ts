import { spawn } from 'node:child_process';

/** The platform's own command that opens an address in the browser that its user chose. */
export function openCommand(platform: string, url: string): { command: string; args: string[] } {
  if (platform === 'darwin') return { command: 'open', args: [url] };
  // Not `start`: that is a word of the shell, which reads `&` in an address.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  return { command: 'xdg-open', args: [url] };
}

/** Opens a page in the browser, because the user asked for it. The address is on the screen where there is none. */
export function openPage(platform: string, url: string): void {
  const { command, args } = openCommand(platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
