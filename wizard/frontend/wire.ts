import { detect, type Detection, type Finding } from './detect.ts';
import { pluginFile, withPlugin, withStaticFile } from './docusaurus-plugin.ts';
import { isAddressName, prefixes, readOf, variableFor } from './names.ts';
import { rewritten } from './wire-rewrite.ts';
import { changed, none, type Wiring } from './wiring.ts';
import { isServedAsIs, isWhole, type Files } from './trace/source.ts';
import { withVariable } from './with-variable.ts';

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
      return rewritten({ files, api, finding, detection });
    case 'raw-process-env':
      return proven(files, defined({ files, detection, finding }));
    case 'written-in':
      return proven(files, unwritten({ files, detection, finding }));
    default:
      return none(`nothing gives ${finding.read.name} a value: set it where the site is configured`);
  }
}

/** Read again as it would be: a change through which the variable does not reach the pages is none to offer. */
function proven(files: Files, wiring: Wiring): Wiring {
  if (wiring.type === 'none') return wiring;
  const isBroken = ([path, text]: [string, string]): boolean =>
    /\.[cm]?[jt]sx?$/.test(path) && isWhole(path, files.get(path) ?? '') && !isWhole(path, text);
  if ([...wiring.files].some(isBroken)) return none(noChange);
  const { findings } = detect(new Map([...files, ...wiring.files]));
  const isThere = findings.some(({ reaches, variable }) => reaches && variable === wiring.variable);
  return isThere ? wiring : none(noChange);
}

const noChange = 'no change was found that would surely bring the address into the pages';

function defined({
  files,
  detection,
  finding,
}: {
  files: Files;
  detection: Detection;
  finding: Finding;
}): Wiring {
  const { framework } = detection;
  const { read, meaning } = finding;
  const { path } = meaning;
  if (read.isTakenApart === true && framework !== 'create-react-app') {
    const whole = readOf(framework, finding.variable ?? read.name);
    return none(`write ${whole} whole where it is read: a build fills in nothing else`);
  }
  if (framework === 'docusaurus') {
    const variable = read.name;
    const next = pluggedIn({ files, detection, variable: { name: variable, read: wordsOf(read) } });
    if (next === null) return none(noPlace);
    const what = `lets ${variable} into the pages when the site is built`;
    return changed(files, next, { variable, path, what });
  }
  // These let through what bears their prefix: the code has to read it under such a name.
  const own = read.name.startsWith(prefixes[framework] ?? '-') ? read.name : variableFor(framework);
  const next = new Map<string, string>();
  const same = detection.reads.filter(({ kind, name }) => kind === read.kind && name === read.name);
  // From the end of each file, so that the places before stay where they are.
  for (const { file, start, end } of same.toSorted((one, two) => two.start - one.start)) {
    const text = next.get(file.path) ?? file.text;
    next.set(file.path, `${text.slice(0, start)}${readOf(framework, own)}${text.slice(end)}`);
  }
  return changed(files, next, { variable: own, path, what: `reads ${own}, which the build lets through` });
}

const noPlace = 'the place for plugins in docusaurus.config was not found';
const wordsOf = ({ kind }: Finding['read']) =>
  kind === 'import-meta-env' ? ('import.meta.env' as const) : ('process.env' as const);

function pluggedIn({
  files,
  detection,
  variable,
}: {
  files: Files;
  detection: Detection;
  variable: { name: string; read: 'process.env' | 'import.meta.env' };
}): Map<string, string> | null {
  const config = configOf(files);
  if (config === null) return null;
  const plugin = pluginFile({
    variables: [
      variable,
      // One that stays undefined ends the whole page.
      ...detection.undefinedVariables
        .filter((name) => name !== variable.name)
        .map((name) => ({ name, read: 'process.env' as const })),
    ],
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
  const next = new Map<string, string>();
  let needsPlugin = false;
  for (const written of writtenIn(detection)) {
    const replaced = replacedAt({ files: new Map([...files, ...next]), written, variable, framework });
    if (typeof replaced === 'string') return none(replaced);
    for (const [path, text] of replaced) next.set(path, text);
    const { path } = written.file;
    needsPlugin ||= framework === 'docusaurus' && !isServedAsIs(path) && !isSettings(path);
  }
  if (needsPlugin) {
    const plugged = pluggedIn({
      files: new Map([...files, ...next]),
      detection,
      variable: { name: variable, read: 'process.env' },
    });
    if (plugged === null) return none(noPlace);
    for (const [path, text] of plugged) next.set(path, text);
  }
  const what = `reads ${variable} in place of the address that is written there`;
  return changed(files, next, { variable, path: '', what });
}

type Written = Extract<Finding['definition'], { type: 'address' }>;

/** From the end of each file, so that the places before stay where they are. */
function writtenIn({ findings }: Detection): readonly Written[] {
  const all = findings.flatMap(({ definition }) => (definition.type === 'address' ? [definition] : []));
  const lasting = all.filter(({ address }) => !isLocal(address));
  return (lasting.length > 0 ? lasting : all).toSorted((a, b) => b.start - a.start);
}

const isLocal = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);
const isSettings = (path: string): boolean => path.startsWith('docusaurus.config.');

/** What is new in the files when one address is replaced; why it cannot be, in words. */
function replacedAt({
  files,
  written: { file, start, address },
  variable,
  framework,
}: {
  /** As they are by now. */
  files: Files;
  written: Written;
  variable: string;
  framework: Detection['framework'];
}): ReadonlyMap<string, string> | string {
  const { path } = file;
  if (path.endsWith('.html'))
    return `${path} is no script of the build: write %${variable}% there in place of the address`;
  if (isServedAsIs(path)) {
    const config = framework === 'docusaurus' ? configOf(files) : null;
    const plugged =
      config === null ? null : withStaticFile({ files, config: config.path, file: path, address, variable });
    return plugged ?? `${path} is served as it is: no variable gets into it`;
  }
  const read = isSettings(path) ? `process.env.${variable}` : readOf(framework, variable);
  const text = withVariable({ file, text: files.get(path) ?? file.text, start, address, read });
  if (text === null) return `${path} puts the address together: write it there in one piece`;
  return new Map([[path, text]]);
}

/** `API_BASE_URL` where the code’s own name for it is one that a variable may bear. */
function nameLike(finding: Finding): string | null {
  const { name } = finding.read;
  return /^(?:REACT_APP|VITE|NEXT_PUBLIC)_/.test(name) && isAddressName(name) ? name : null;
}
