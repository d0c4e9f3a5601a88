import { freePort } from '../free-port.ts';
import type { Reaper } from '../reaper.ts';
import { startContainer, type Container } from './container.ts';
import type { Built } from './build.ts';
import type { SpaceKnobs } from './knobs.ts';
import type { SpaceLog } from './log.ts';
import { untilAborted } from './until-aborted.ts';

/** What runs instead of the image's command when a knob says so. */
const REPLACED: Record<SpaceKnobs['start'], string[] | null> = {
  ok: null,
  crash: ['node', '-e', 'console.error("Error: the sandbox was told to crash this start"); process.exit(1)'],
  hang: ['node', '-e', 'setInterval(() => undefined, 1000)'],
};

/**
 * Starts an image as the Hub would: the port mapping reaches app_port only, so an image that says it listens
 * elsewhere runs and is never reached.
 */
export async function launch(options: {
  built: Built;
  home: string;
  settings: Record<string, string>;
  start: SpaceKnobs['start'];
  log: SpaceLog;
  reaper: Reaper | null;
}): Promise<Container> {
  const { home, settings, log, reaper } = options;
  const { image, appPort } = options.built;
  const says = Number(settings['PORT'] ?? image.environment['PORT'] ?? image.ports[0] ?? appPort);
  const command = REPLACED[options.start];
  const container = startContainer({
    image,
    home,
    settings,
    port: await freePort(),
    write: (text) => log.write(text),
    reaper,
    ...(command === null ? {} : { command }),
  });
  if (says === appPort) return container;
  log.write(`WARN: app_port is ${appPort} and the image says ${says}: no visit will arrive.`);
  return { ...container, listening: (signal) => unreached(container, signal) };
}

async function unreached(container: Container, signal: AbortSignal): Promise<boolean> {
  await Promise.race([container.exited, untilAborted(signal)]);
  return false;
}
