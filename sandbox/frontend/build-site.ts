import { createHash } from 'node:crypto';
import type { ProjectFiles } from './site-source.ts';

/** The files that a deployment serves, and its build log. */
export type SiteBuild = { files: ProjectFiles; log: string[] };

/**
 * Builds a project by its kind: a Docusaurus site becomes a page and one bundle, into which variables are inlined as
 * far as its configuration defines them; a folder with an `index.html` is served unchanged. Throws an Error with the
 * build's last line when there is nothing to serve.
 */
export function buildSite({
  source,
  env,
}: {
  source: ProjectFiles;
  env: Readonly<Record<string, string>>;
}): SiteBuild {
  const config = [...source].find(([path]) => /(?:^|\/)docusaurus\.config\.[cm]?[jt]s$/.test(path))?.[1];
  if (config !== undefined) return buildDocusaurus({ source, config, env });
  for (const root of ['.vercel/output/static/', 'build/', 'dist/', 'public/', '']) {
    if (!source.has(`${root}index.html`)) continue;
    const files = [...source].flatMap(([path, text]): [string, string][] =>
      path.startsWith(root) ? [[path.slice(root.length), text]] : [],
    );
    return { files: new Map(files), log: ['Build Completed in /vercel/output', 'Deploying outputs...'] };
  }
  throw new Error('Error: No Output Directory named "build" found after the Build completed.');
}

function buildDocusaurus({
  source,
  config,
  env,
}: {
  source: ProjectFiles;
  config: string;
  env: Readonly<Record<string, string>>;
}): SiteBuild {
  const title = /title:\s*(['"`])(.*?)\1/.exec(config)?.[2] ?? 'A book';
  const modules = [...source].filter(([path]) => /^src\/.*\.[cm]?[jt]sx?$/.test(path));
  const bundle = `"use strict";\n(() => {\n${modules.map(([, text]) => inlineVariables(text, { config, env })).join('\n')}})();\n`;
  const script = `assets/js/main.${createHash('sha256').update(bundle).digest('hex').slice(0, 8)}.js`;
  return {
    files: new Map([
      ['index.html', pageHtml({ title, script })],
      ['assets/css/styles.css', styles],
      [script, bundle],
    ]),
    log: [
      'Running "docusaurus build"',
      '[INFO] [en] Creating an optimized production build...',
      '[SUCCESS] Generated static files in "build".',
    ],
  };
}

/** Replaces only variables that a DefinePlugin in the configuration names, as the bundler does. */
function inlineVariables(
  text: string,
  { config, env }: { config: string; env: Readonly<Record<string, string>> },
): string {
  if (!config.includes('DefinePlugin')) return text;
  return text.replaceAll(/process\.env\.(\w+)/g, (whole, name: string) =>
    config.includes(name) ? JSON.stringify(env[name] ?? '') : whole,
  );
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const pageHtml = ({ title, script }: { title: string; script: string }): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Docusaurus (stand-in)">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/assets/css/styles.css">
<script src="/assets/js/${script.slice('assets/js/'.length)}" defer></script>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p>Ask the book a question.</p>
<section id="log" aria-live="polite" aria-label="Conversation"></section>
<form>
<label for="question">Question</label>
<input id="question" autocomplete="off">
<button>Ask</button>
</form>
</main>
<footer>A stand-in for a site on Vercel, served by the rag-space-setup sandbox.</footer>
</body>
</html>
`;

const styles = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1c1e21; }
form { display: flex; gap: .5rem; align-items: center; }
input { flex: 1; padding: .5rem; font: inherit; }
.question { font-weight: 600; }
.answer { white-space: pre-wrap; }
.failure { color: #b00020; }
footer { margin-top: 3rem; font-size: .85rem; color: #606770; }
`;
