import { HttpFailure } from '../../clients/http-failure.ts';
import { marker, noteFor } from '../fingerprint.ts';
import type { Hosting, HostingAccess, HostingPage, PlaceStatus } from '../hosting.ts';
import { createSpaceWith, inspectSpace } from './create-space.ts';
import { inspectSpaceBuild } from './follow-build.ts';
import { buildPayload } from './payload.ts';
import { hubOf, spaceAccess, spacePageUrl, type SpaceAccess } from './space-access.ts';
import { currentPayloadDigest, planSpaceRestore, planSpaceUpload, readSpaceFile } from './space-files.ts';
import { readSpaceUrl } from './space-url.ts';

const pages: Record<HostingPage, string> = {
  home: '',
  settings: '/settings',
  files: '/tree/main',
  'build-log': '?logs=build',
  'run-log': '?logs=container',
};

/** A Docker Space: the Hub builds the image from the files, and its runtime says how far it is. */
export function createSpaceHosting(hosting: HostingAccess): Hosting {
  const access = spaceAccess(hosting);
  const { space } = access.target;
  const hub = hubOf(access);
  return {
    service: 'huggingface',
    noun: 'the Space',
    label: space,
    flags: `--space ${space}`,
    page: (page) => spacePageUrl(access, pages[page]),
    inspect: (request) => inspectSpace(access, request),
    create: (settings, tools) => createSpaceWith(access, settings, tools),
    async settings() {
      const [secrets, variables] = await Promise.all([hub.secrets(space), hub.variables(space)]);
      return { secrets, variables };
    },
    setSecret: ({ key, value }) =>
      hub.setSecret(space, { key, value, description: noteFor({ space, value }) }),
    removeSecret: (key) => hub.removeSecret(space, key),
    setVariable: ({ key, value, isOurs = true }) =>
      hub.setVariable(space, { key, value, description: isOurs ? marker : '' }),
    ownVariables: () => Promise.resolve({}),
    remarksOnNew: () =>
      Promise.resolve(['A new Docker Space needs a paid Hugging Face plan; its hardware is free.']),
    removeVariable: (key) => hub.removeVariable(space, key),
    payload: buildPayload,
    currentDigest: () => currentPayloadDigest(access),
    planUpload: ({ payload, title }) => planSpaceUpload(access, { files: payload.files, title }),
    // A Space would restart for it; its server reads the book in Qdrant meanwhile.
    planBook: () => Promise.resolve(null),
    readFile: (path) => readSpaceFile(access, path),
    inspectBuild: (tools, state) => inspectSpaceBuild({ ...access, ...tools }, state),
    rebuild: () => hub.restart(space, { factory: true }),
    openToReaders: null,
    address: () => readSpaceUrl(access),
    status: () => readStatus(access),
    log: ({ idleMs }) => hub.log({ space, kind: 'run', idleMs }),
    planRestore: (previous) => planSpaceRestore(access, previous),
    remove: () => hub.remove(space),
  };
}

async function readStatus(access: SpaceAccess): Promise<PlaceStatus | null> {
  const hub = hubOf(access);
  const { space } = access.target;
  const info = await hub.space(space).catch(nullIfForbidden);
  if (info === null) return null;
  const [runtime, url, variables, secrets] = await Promise.all([
    info.runtime ?? hub.runtime(space),
    readSpaceUrl(access),
    hub.variables(space).catch(nullIfForbidden),
    hub.secrets(space).catch(nullIfForbidden),
  ]);
  const { stage, errorMessage = null } = runtime;
  const hidden =
    info.sdk != null && info.sdk !== 'docker'
      ? {
          code: 'space-not-docker',
          message: `${space} is a ${info.sdk} Space: the server needs a Docker one.`,
          remedy: 'Deploy to another Space with --space.',
        }
      : info.private === true
        ? {
            code: 'space-private',
            message: `${space} is private: no reader’s browser reaches it.`,
            remedy: `Make it public on ${spacePageUrl(access, '/settings')}`,
          }
        : null;
  const isPublic = info.private !== true;
  return { stage, errorMessage, isPublic, hidden, url, variables, secrets };
}

/** The Hub answers 401 or 403 for settings that the token may not read. */
function nullIfForbidden(error: unknown): null {
  if (error instanceof HttpFailure && (error.status === 401 || error.status === 403)) return null;
  throw error;
}
