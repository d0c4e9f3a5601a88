#!/usr/bin/env node
/**
 * The image lane: builds the files that a deployment uploaded with a real builder, on a stand-in of the base image, and
 * runs the image as a Space does. Needs Linux and root; `--install` installs the tools first, and `--require` makes it an
 * error when the lane cannot run.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkContainer } from './check-container.mjs';
import { deploySpace } from './deployed-space.mjs';
import { baseName, buildah, installTools, makeBase, missing, podman, runInOwnNetwork } from './machine.mjs';

const self = fileURLToPath(import.meta.url);
const root = join(dirname(self), '..', '..');
const flags = new Set(process.argv.slice(2));
const imageName = 'localhost/rag-space-setup-lane';
/** In MB: a free Space, and a small machine. */
const memories = [16 * 1024, 512];
let passed = 0;

if (flags.has('--inside')) await checkImage();
else prepare();

function prepare() {
  if (flags.has('--install')) installTools();
  const reason = missing();
  if (reason !== null) {
    process.stdout.write(`image: skipped, ${reason}\n`);
    process.exitCode = flags.has('--require') ? 1 : 0;
    return;
  }
  makeBase(root);
  process.exitCode = runInOwnNetwork(self, [...flags]);
}

async function checkImage() {
  const space = await deploySpace(root);
  try {
    const started = Date.now();
    buildah(
      'bud',
      '--isolation',
      'chroot',
      '--pull-never',
      '--format',
      'docker',
      '--tag',
      imageName,
      space.folder,
    );
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    report(`built from the ${space.files.length} uploaded files in ${seconds} s`);
    reportSize();
    for (const memoryMb of memories) {
      await checkContainer({
        imageName,
        memoryMb,
        space,
        report: (text) => report(`${memoryMb} MB: ${text}`),
      });
    }
    process.stdout.write(`image: ${passed} passed, 0 failed, 0 skipped\n`);
  } catch (error) {
    process.stdout.write(`image: ${passed} passed, 1 failed, 0 skipped: ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    podman(['rmi', '--force', '--ignore', imageName]);
    await space.close();
  }
}

function report(text) {
  passed += 1;
  process.stdout.write(`ok  ${text}\n`);
}

/** What the image adds to its base is what a build has to push. */
function reportSize() {
  const sizeOf = (name) => Number(podman(['image', 'inspect', '--format', '{{.Size}}', name]));
  const [whole, base] = [sizeOf(imageName), sizeOf(baseName)];
  const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  if (whole - base > 20 * 1024 * 1024)
    throw new Error(`the image adds ${megabytes(whole - base)} to its base`);
  report(`adds ${megabytes(whole - base)} to the base (${megabytes(base)}, a stand-in)`);
}
