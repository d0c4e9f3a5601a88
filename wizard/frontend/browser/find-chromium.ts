import { existsSync } from 'node:fs';

const usualPaths: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
    '/usr/bin/microsoft-edge',
    '/usr/bin/brave-browser',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Brave Browser.app/Contents/MacOS/Brave Browser',
  ],
  win32: [
    String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Google\Chrome\Application\chrome.exe`,
    String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
  ],
};

/** Path of a Chromium on this machine: `CHROMIUM` of the environment, else where systems keep one; null without. */
export function findChromium({
  env,
  platform,
}: {
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
}): string | null {
  const paths = [env['CHROMIUM'] ?? '', ...(usualPaths[platform] ?? [])];
  return paths.find((path) => path !== '' && existsSync(path)) ?? null;
}
