import type { Detection, Finding } from './detect.ts';
import { unifiedDiff } from './diff.ts';
import { pluginFile, withPlugin, withStaticFile } from './docusaurus-plugin.ts';
import { isAddressName, readOf, variableFor } from './names.ts';
import { laterAddress, rewritesFile, withRewrite } from './rewrites.ts';
import type { Files } from './trace/source.ts';
import { withVariable } from './with-variable.ts';

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
      /** True where `laterAddress` stands for the Space's: it is written once that is known. */
      isWithoutAddress: boolean;
    }
  | { type: 'none'; why: string };

const none = (why: string): Wiring => ({ type: 'none', why });

/**
 * Works the change out from the files as they are; writes nothing. `api` is the server’s origin where it is known:
 * only a rewrite needs it, and is shown with `laterAddress` in its place.
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
  rest: { variable: string | null; path: string; what: string; isWithoutAddress?: boolean },
): Wiring {
  const kept = [...next].map(([path, text]) => [path, endedAs(files.get(path), text)] as const);
  const changes = new Map(kept.filter(([path, text]) => files.get(path) !== text));
  if (changes.size === 0) return none('the files are as they have to be');
  const diff = [...changes]
    .map(([path, after]) => unifiedDiff({ path, before: files.get(path) ?? null, after }))
    .join('');
  return { type: 'change', files: changes, diff, isWithoutAddress: false, ...rest };
}

/** With the line ends of the file as it was, its last one too. */
function endedAs(before: string | undefined, after: string): string {
  if (before === undefined) return after;
  const isCrlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  const lines = isCrlf ? after.replaceAll(/\r?\n/g, '\r\n') : after;
  return before.endsWith('\n') ? lines : lines.replace(/\r?\n$/, '');
}

function rewritten({ files, api, finding }: { files: Files; api: string | null; finding: Finding }): Wiring {
  if (!finding.read.name.startsWith('/api'))
    return none(`${finding.read.name} is no path of the server: it answers below /api`);
  const text = withRewrite(files.get(rewritesFile), api ?? laterAddress);
  if (text === null) return none('vercel.json is no JSON that can be read');
  const isWithoutAddress = api === null;
  const later = isWithoutAddress ? '; its address is filled in once the Space has one' : '';
  const what = `hands /api on to the server, before any other rewrite${later}`;
  return changed(files, new Map([[rewritesFile, text]]), {
    variable: null,
    path: '',
    what,
    isWithoutAddress,
  });
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
  if (finding.read.isTakenApart === true && detection.framework !== 'create-react-app')
    return none(
      `write ${readOf(detection.framework, variable)} whole where it is read: a build fills in nothing else`,
    );
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
