import { BuildError } from './dockerfile.ts';
import { readSpaceFrontMatter } from './front-matter.ts';
import { buildImage, type Image } from './image.ts';
import type { SpaceLog } from './space-log.ts';
import type { SpaceFailure, SpaceSource } from './space-stage.ts';

/** The result of a build: an image, the port that visitors reach, and the time that it has to start. */
export type BuildOutput = { image: Image; appPort: number; startupTimeoutMs: number };

/**
 * Builds a Space from its files and logs each instruction. Returns a failure for an invalid README, a missing app
 * file or a failing Dockerfile, and `unsupported-sdk` for an SDK that cannot run here.
 */
export function buildSpace({
  source,
  log,
}: {
  source: SpaceSource;
  log: SpaceLog;
}): BuildOutput | SpaceFailure | 'unsupported-sdk' {
  const { sha, files, variables } = source;
  log.restart();
  log.write(`===== Build Queued at ${logTimestamp()} / Commit SHA: ${sha.slice(0, 7)} =====\n`);
  const readme = readSpaceFrontMatter(files.get('README.md')?.toString('utf8') ?? '');
  if (readme === null || readme.sdk === null) {
    return { stage: 'CONFIG_ERROR', errorMessage: 'Missing configuration in README' };
  }
  const collision = collisionOf(source);
  if (collision !== null) return collision;
  if (!files.has(readme.sdk === 'docker' ? 'Dockerfile' : readme.appFile)) {
    return { stage: 'NO_APP_FILE', errorMessage: 'No application file' };
  }
  if (readme.sdk !== 'docker') {
    log.write('The stand-in runs Docker Spaces only: this build never ends.');
    return 'unsupported-sdk';
  }
  try {
    const image = buildImage({ files, buildArguments: variables, log: (line) => log.write(line) });
    return { image, appPort: readme.appPort, startupTimeoutMs: readme.startupTimeoutMs };
  } catch (error) {
    if (error instanceof BuildError) return buildFailure(error, log);
    throw error;
  }
}

/** The failure for an error in the Dockerfile, with its line. */
export function buildFailure({ line, message }: BuildError, log: SpaceLog): SpaceFailure {
  log.write(`\nDockerfile:${line}\nERROR: ${message}`);
  return {
    stage: 'BUILD_ERROR',
    errorMessage: `Job failed with exit code: 1. Reason: Dockerfile:${line}: ${message}`,
  };
}

/** A name that is both secret and variable prevents a Space from building and from starting. */
export function collisionOf({ secrets, variables }: SpaceSource): SpaceFailure | null {
  if (!Object.keys(secrets).some((name) => name in variables)) return null;
  return { stage: 'CONFIG_ERROR', errorMessage: 'Collision on variables and secrets names' };
}

/** The current time in the format of the Hub's logs. */
export function logTimestamp(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ');
}
