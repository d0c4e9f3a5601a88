import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGit } from '../frontend/wiring/git.ts';
import { someSecretMatches } from '../model/secret.ts';
import type { Finding } from './finding.ts';

type FolderCheck = { dir: string; signal: AbortSignal };

/** What in the book’s folder breaks its build, or exposes a key. Reads only. */
export async function diagnoseFolder(folder: FolderCheck): Promise<Finding[]> {
  const findings = await Promise.all([trackedSecrets(folder), lockfile(folder), vercelJson(folder)]);
  return findings.flat();
}

/** Larger files are no settings, in bytes. */
const maxBytes = 256 * 1024;

/** Where keys are committed by mistake: settings and instructions, in any folder of the repository. */
const likelyFiles = /(^|\/)(\.env[^/]*|[^/]+\.(md|mdx|ya?ml|json|toml|txt|sh|py|js|ts|ipynb))$/i;

/** A connection string with a password in it, at a vendor of databases. */
const connection =
  /postgres(?:ql)?(?:\+\w+)?:\/\/[^\s:@/]+:([^\s@/]{8,})@[\w.-]+\.(?:neon\.tech|supabase\.com)/g;

async function trackedSecrets({ dir, signal }: FolderCheck): Promise<Finding[]> {
  const files = await createGit({ dir, signal }).tracked();
  const holding: string[] = [];
  for (const file of (files ?? []).filter((name) => likelyFiles.test(name))) {
    signal.throwIfAborted();
    const text = await readFile(join(dir, file), 'utf8').catch(() => '');
    if (text.length > maxBytes) continue;
    if (holdsKnownSecret(text) || hasConnection(text)) holding.push(file);
  }
  return holding.map((file) => ({
    code: 'secret-in-git',
    service: null,
    message: `${file} is in git and holds a key or password: everyone with the repository has it.`,
    remedy: `Make a new one with npx rag-space-setup rotate, revoke the old one, and take it out: git rm --cached ${file}`,
  }));
}

/** Placeholders for a password do not count. */
function hasConnection(text: string): boolean {
  return [...text.matchAll(connection)].some(
    ([, password = '']) => /\d/.test(password) && !/password|example|\*\*|xxx|<|\$|\[/i.test(password),
  );
}

/** A secret of this run; a cluster's bare address opens nothing. */
function holdsKnownSecret(text: string): boolean {
  return someSecretMatches((value) => !/^https?:/.test(value) && text.includes(value));
}

const lockfiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

/** facebook/docusaurus#11923: up to 3.10.0 it does not build with the newest webpack. */
async function lockfile({ dir }: FolderCheck): Promise<Finding[]> {
  const { dependencies = {} } = (await json(join(dir, 'package.json'))) as {
    dependencies?: Record<string, string>;
  };
  const wanted = dependencies['@docusaurus/core'] ?? '';
  if (!isOlderThanFix(wanted) || (await hasAny(dir, lockfiles))) return [];
  return [
    {
      code: 'frontend-no-lockfile',
      service: 'vercel',
      message: `The site has no lockfile, and Docusaurus ${wanted} does not build with the newest webpack.`,
      remedy: 'Commit a package-lock.json, or update Docusaurus to 3.10.1 or newer.',
    },
  ];
}

/** Whether the newest version that a range allows is older than 3.10.1. */
function isOlderThanFix(range: string): boolean {
  const [, sign = '', text = ''] = /^([~^]?)v?(\d+(?:\.\d+)*)$/.exec(range.trim()) ?? [];
  if (text === '') return false;
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  const isNewest = (sign === '^' && major >= 3) || (sign === '~' && major === 3 && minor >= 10);
  return !isNewest && (major < 3 || (major === 3 && (minor < 10 || (minor === 10 && patch < 1))));
}

/** Vercel's schema for `env` there is not the one that people write. */
async function vercelJson({ dir }: FolderCheck): Promise<Finding[]> {
  const { env } = (await json(join(dir, 'vercel.json'))) as { env?: unknown };
  if (typeof env !== 'object' || env === null || Object.keys(env).length === 0) return [];
  return [
    {
      code: 'vercel-json-env',
      service: 'vercel',
      message: 'vercel.json sets variables in "env": a build may be refused for it, or use an old address.',
      remedy: 'Take "env" out of vercel.json: npx rag-space-setup keeps the variable in the project.',
    },
  ];
}

async function json(path: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function hasAny(dir: string, names: readonly string[]): Promise<boolean> {
  const there = await Promise.all(
    names.map((name) =>
      access(join(dir, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.includes(true);
}
