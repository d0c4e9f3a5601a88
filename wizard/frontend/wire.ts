import type { Detection, Finding } from './detect.ts';
import { unifiedDiff } from './diff.ts';
import { pluginFile, withPlugin, withStaticFile } from './docusaurus-plugin.ts';
import { pathOf } from './meaning.ts';
import { isAddressName, readOf, variableFor } from './names.ts';
import { withRewrite } from './rewrites.ts';
import type { Files } from './source.ts';

/** A change of the person’s files that makes the address reach their pages: what is shown is what is written. */
export type Wiring =
  | {
      type: 'change';
      /** New texts by path. */
      files: Files;
      diff: string;
      /** The variable that then fills the address; null where a rewrite does. */
      variable: string | null;
      /** What follows the origin in its value. */
      path: string;
      what: string;
    }
  | { type: 'none'; why: string };

const none = (why: string): Wiring => ({ type: 'none', why });

/**
 * Works the change out from the files as they are; writes nothing. `api` is the server’s origin where it is known:
 * only a rewrite needs it.
 */
export function wire({
  files,
  detection,
  finding,
  api,
}: {
  files: Files;
  detection: Detection;
  finding: Finding;
  api: string | null;
}): Wiring {
  if (finding.reaches) return none('its variable reaches the pages already');
  switch (finding.mechanism) {
    case 'same-origin':
      return rewritten({ files, api, finding });
    case 'raw-process-env':
      return defined({ files, detection, finding });
    case 'written-in':
      return unwritten({ files, detection, finding });
    default:
      return none(`nothing gives ${finding.read.name} a value: set it where the site is configured`);
  }
}

function changed(
  files: Files,
  next: ReadonlyMap<string, string>,
  rest: { variable: string | null; path: string; what: string },
): Wiring {
  const changes = new Map([...next].filter(([path, text]) => files.get(path) !== text));
  if (changes.size === 0) return none('the files are as they have to be');
  const diff = [...changes]
    .map(([path, after]) => unifiedDiff({ path, before: files.get(path) ?? null, after }))
    .join('');
  return { type: 'change', files: changes, diff, ...rest };
}

function rewritten({ files, api, finding }: { files: Files; api: string | null; finding: Finding }): Wiring {
  if (api === null) return none('the rewrite needs the Space’s address, which it gets when it is created');
  if (!finding.read.name.startsWith('/api'))
    return none(`${finding.read.name} is no path of the server: it answers below /api`);
  const text = withRewrite(files.get('vercel.json'), api);
  if (text === null) return none('vercel.json is no JSON that can be read');
  const what = 'hands /api on to the server, before any other rewrite';
  return changed(files, new Map([['vercel.json', text]]), { variable: null, path: '', what });
}

function defined({
  files,
  detection,
  finding,
}: {
  files: Files;
  detection: Detection;
  finding: Finding;
}): Wiring {
  const variable = finding.variable ?? variableFor(detection.framework);
  const { path } = finding.meaning;
  if (detection.framework === 'docusaurus') {
    const next = pluggedIn({ files, detection, variable });
    if (next === null) return none('the place for plugins in docusaurus.config was not found');
    return changed(files, next, {
      variable,
      path,
      what: `lets ${variable} into the pages when the site is built`,
    });
  }
  // These let through what bears their prefix: the code has to read it under such a name.
  const own = isPublic(detection.framework, variable) ? variable : variableFor(detection.framework);
  const { file, start, end } = finding.read;
  const text = `${file.text.slice(0, start)}${readOf(detection.framework, own)}${file.text.slice(end)}`;
  return changed(files, new Map([[file.path, text]]), {
    variable: own,
    path,
    what: `reads ${own}, which the build lets through`,
  });
}

function isPublic(framework: Detection['framework'], name: string): boolean {
  const prefix = {
    vite: 'VITE_',
    next: 'NEXT_PUBLIC_',
    'create-react-app': 'REACT_APP_',
    docusaurus: '',
    unknown: '',
  };
  return framework === 'create-react-app' && name.startsWith(prefix[framework]);
}

function pluggedIn({
  files,
  detection,
  variable,
}: {
  files: Files;
  detection: Detection;
  variable: string;
}): Map<string, string> | null {
  const config = configOf(files);
  if (config === null) return null;
  const plugin = pluginFile({
    // One that stays undefined ends the whole page.
    variables: [...new Set([variable, ...detection.undefinedVariables])],
    version: detection.version,
  });
  const text = withPlugin(config.text, plugin.path);
  if (text === null) return null;
  return new Map([
    [plugin.path, plugin.text],
    [config.path, text],
  ]);
}

function configOf(files: Files): { path: string; text: string } | null {
  for (const [path, text] of files) if (/^docusaurus\.config\.[cm]?[jt]s$/.test(path)) return { path, text };
  return null;
}

/** Every address of a server that is written into the source becomes the variable, with itself as the fallback. */
function unwritten({
  files,
  detection,
  finding,
}: {
  files: Files;
  detection: Detection;
  finding: Finding;
}): Wiring {
  const { framework } = detection;
  if (framework === 'unknown') return none('no build tool was found that could fill in a variable');
  const variable = finding.variable ?? nameLike(finding) ?? variableFor(framework);
  const written = detection.findings.filter(
    ({ definition }) => definition.type === 'address' && !isLocal(definition.address),
  );
  const next = new Map<string, string>();
  let needsPlugin = false;
  // From the end of each file, so that the places before stay where they are.
  const addresses = written.flatMap(({ definition }) => (definition.type === 'address' ? [definition] : []));
  for (const { address, file, start } of addresses.toSorted((a, b) => b.start - a.start)) {
    const text = next.get(file.path) ?? file.text;
    if (file.path.startsWith('static/')) {
      const config = configOf(files);
      const plugged =
        config === null
          ? null
          : withStaticFile({
              files: new Map([...files, ...next]),
              config: config.path,
              file: file.path,
              address,
              variable,
            });
      if (plugged === null) return none(`${file.path} is served as it is: no variable gets into it`);
      for (const [path, one] of plugged) next.set(path, one);
      continue;
    }
    const isConfig = file.path.startsWith('docusaurus.config.');
    next.set(
      file.path,
      withVariable({
        text,
        start,
        address,
        read: isConfig ? `process.env.${variable}` : readOf(framework, variable),
      }),
    );
    needsPlugin ||= framework === 'docusaurus' && !isConfig;
  }
  if (needsPlugin) {
    const plugged = pluggedIn({ files: new Map([...files, ...next]), detection, variable });
    if (plugged === null) return none('the place for plugins in docusaurus.config was not found');
    for (const [path, text] of plugged) next.set(path, text);
  }
  const path =
    finding.definition.type === 'address' && finding.read.kind !== 'written-in' ? '' : finding.meaning.path;
  return changed(files, next, {
    variable,
    path,
    what: `reads ${variable} in place of the address that is written there`,
  });
}

const isLocal = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);

/** `API_BASE_URL` where the code’s own name for it is one that a variable may bear. */
function nameLike(finding: Finding): string | null {
  const { name } = finding.read;
  return /^(?:REACT_APP|VITE|NEXT_PUBLIC)_/.test(name) && isAddressName(name) ? name : null;
}

/** Replaces the origin of the address at an offset, whatever quotes it stands in. */
export function withVariable({
  text,
  start,
  address,
  read,
}: {
  text: string;
  start: number;
  address: string;
  read: string;
}): string {
  const quote = text[start] ?? "'";
  const origin = new URL(address).origin;
  const fallback = `(${read} || ${quote === '`' ? "'" : quote}${origin}${quote === '`' ? "'" : quote})`;
  const from = start + 1 + origin.length;
  if (quote === '`') return `${text.slice(0, start)}\`\${${fallback.slice(1, -1)}}${text.slice(from)}`;
  const isWhole =
    text[from] === quote || (pathOf(address) === '' && text[from] === '/' && text[from + 1] === quote);
  const end = isWhole ? text.indexOf(quote, from) + 1 : from;
  const code = isWhole ? fallback : `${fallback} + ${quote}`;
  const isAttribute = /<[A-Za-z][^<>]*\s[\w-]+=$/.test(text.slice(Math.max(0, start - 300), start));
  if (!isAttribute) return `${text.slice(0, start)}${code}${text.slice(end)}`;
  const close = isWhole ? end : text.indexOf(quote, from) + 1;
  return `${text.slice(0, start)}{${code}${text.slice(end, close)}}${text.slice(close)}`;
}
