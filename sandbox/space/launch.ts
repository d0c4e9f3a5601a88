import { freePort } from '../free-port.ts';
import type { Reaper } from '../reaper.ts';
import { startContainer, type Container } from './container.ts';
import type { BuildOutput } from './build-space.ts';
import type { SpaceBehaviour } from './space-behaviour.ts';
import type { SpaceLog } from './space-log.ts';
import { untilAborted } from './until-aborted.ts';

/** Commands that replace the image's, to simulate failing starts. */
const REPLACEMENT_COMMANDS: Record<SpaceBehaviour['start'], string[] | null> = {
  ok: null,
  crash: ['node', '-e', 'console.error("Error: the sandbox is set to crash this start"); process.exit(1)'],
  hang: ['node', '-e', 'setInterval(() => undefined, 1000)'],
};

/**
 * Starts an image as the Hub would: only app_port is mapped, so an image that declares another port runs and is
 * never reached.
 */
export async function launchSpace(options: {
  output: BuildOutput;
  home: string;
  settings: Record<string, string>;
  start: SpaceBehaviour['start'];
  log: SpaceLog;
  reaper: Reaper | null;
}): Promise<Container> {
  const { home, settings, log, reaper } = options;
  const { image, appPort } = options.output;
  const declaredPort = Number(settings['PORT'] ?? image.environment['PORT'] ?? image.ports[0] ?? appPort);
  const command = REPLACEMENT_COMMANDS[options.start];
  const container = startContainer({
    image,
    home,
    settings,
    port: await freePort(),
    write: (text) => log.write(text),
    reaper,
    ...(command === null ? {} : { command }),
  });
  if (declaredPort === appPort) return container;
  log.write(`WARN: app_port is ${appPort} and the image says ${declaredPort}: no visit will arrive.`);
  return { ...container, listening: (signal) => waitUnreachable(container, signal) };
}

async function waitUnreachable(container: Container, signal: AbortSignal): Promise<boolean> {
  await Promise.race([container.exited, untilAborted(signal)]);
  return false;
}
