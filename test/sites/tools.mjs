import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Outside of the repository, so that a tool is installed once for every checkout. */
export const work = join(tmpdir(), 'rag-space-setup-sites');

const docusaurusVersion = '3.10.2';
const tools = {
  docusaurus: {
    marker: '@docusaurus/faster/package.json',
    dependencies: {
      '@docusaurus/core': docusaurusVersion,
      '@docusaurus/faster': docusaurusVersion,
      '@docusaurus/preset-classic': docusaurusVersion,
      '@mdx-js/react': '^3.0.0',
      clsx: '^2.0.0',
      'prism-react-renderer': '^2.3.0',
      react: '^19.0.0',
      'react-dom': '^19.0.0',
    },
  },
  vite: { marker: 'vite/package.json', dependencies: { vite: '^7.0.0' } },
};

/** Folder of a tool's packages, installed when they are not there. About a minute and 400 MB for Docusaurus. */
export async function modulesOf(tool) {
  const { marker, dependencies } = tools[tool];
  const dir = join(work, tool);
  const modules = join(dir, 'node_modules');
  if (existsSync(join(modules, marker))) return modules;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: tool, private: true, dependencies }));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund'], { cwd: dir });
  return modules;
}
