import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Outside of the repository, so that a tool is installed once for every checkout. */
export const work = join(tmpdir(), 'rag-space-setup-sites');

const docusaurus3 = {
  '@mdx-js/react': '^3.0.0',
  clsx: '^2.0.0',
  'prism-react-renderer': '^2.3.0',
  'raw-loader': '^4.0.2',
  react: '^19.0.0',
  'react-dom': '^19.0.0',
};
const tools = {
  docusaurus: {
    marker: 'raw-loader/package.json',
    dependencies: {
      '@docusaurus/core': '3.10.2',
      '@docusaurus/faster': '3.10.2',
      '@docusaurus/preset-classic': '3.10.2',
      ...docusaurus3,
    },
  },
  'docusaurus-3.9': {
    marker: 'raw-loader/package.json',
    dependencies: {
      '@docusaurus/core': '3.9.2',
      '@docusaurus/preset-classic': '3.9.2',
      // Later versions of webpack refuse the options of this Docusaurus's progress bar.
      webpack: '~5.102.0',
      ...docusaurus3,
    },
  },
  'docusaurus-2': {
    marker: 'raw-loader/package.json',
    dependencies: {
      '@docusaurus/core': '2.4.3',
      '@docusaurus/preset-classic': '2.4.3',
      '@mdx-js/react': '^1.6.22',
      clsx: '^1.2.1',
      'prism-react-renderer': '^1.3.5',
      'raw-loader': '^4.0.2',
      react: '^17.0.2',
      'react-dom': '^17.0.2',
      // Docusaurus 2 loads files of webpack that later versions moved.
      webpack: '~5.88.2',
    },
  },
  vite: { marker: 'vite/package.json', dependencies: { vite: '^7.0.0' } },
};

/** The version that a tool's dependencies pin Docusaurus to. */
export function docusaurusVersionOf(tool) {
  return tools[tool].dependencies['@docusaurus/core'];
}

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
