import { detectApiUrl, type ApiUrlDetection, type ApiUrlFinding } from '../detect-api-url/detect-api-url.ts';
import { definePluginFile, addPlugin, addStaticFilePlugin } from './docusaurus-plugin.ts';
import { isUrlName, publicPrefixes, variableExpression, variableFor } from '../framework.ts';
import { planRewrite } from './plan-rewrite.ts';
import { planChange, noChange, type WiringPlan } from './wiring-plan.ts';
import { isServedAsIs, parsesCompletely, type ProjectFiles } from '../../../javascript/source-file.ts';
import { replaceLiteral } from './replace-literal.ts';

/**
 * Works the change out from the files as they are; writes nothing. `api` is the server’s origin where it is known:
 * only a rewrite needs it, and is shown with `laterAddress` in its place.
 */
export function planWiring({
  files,
  detection,
  finding,
  api,
}: {
  files: ProjectFiles;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
  api: string | null;
}): WiringPlan {
  if (finding.reaches) return noChange('its variable reaches the pages already');
  switch (finding.mechanism) {
    case 'same-origin':
      return planRewrite({ files, api, finding, detection });
    case 'raw-process-env':
      return verifyPlan(files, planDefine({ files, detection, finding }));
    case 'written-in':
      return verifyPlan(files, planLiteralReplacement({ files, detection, finding }));
    default:
      return noChange(`nothing gives ${finding.source.name} a value: set it where the site is configured`);
  }
}

/** Read again as it would be: a change through which the variable does not reach the pages is none to offer. */
function verifyPlan(files: ProjectFiles, wiring: WiringPlan): WiringPlan {
  if (wiring.type === 'none') return wiring;
  const isBroken = ([path, text]: [string, string]): boolean =>
    /\.[cm]?[jt]sx?$/.test(path) &&
    parsesCompletely(path, files.get(path) ?? '') &&
    !parsesCompletely(path, text);
  if ([...wiring.files].some(isBroken)) return noChange(noWorkingChange);
  const { findings } = detectApiUrl(new Map([...files, ...wiring.files]));
  const isThere = findings.some(({ reaches, variable }) => reaches && variable === wiring.variable);
  return isThere ? wiring : noChange(noWorkingChange);
}

const noWorkingChange = 'no change was found that would surely bring the address into the pages';

function planDefine({
  files,
  detection,
  finding,
}: {
  files: ProjectFiles;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  const { source: read, suffix: meaning } = finding;
  const { path } = meaning;
  if (read.isDestructured === true && framework !== 'create-react-app') {
    const whole = variableExpression(framework, finding.variable ?? read.name);
    return noChange(`write ${whole} whole where it is read: a build fills in nothing else`);
  }
  if (framework === 'docusaurus') {
    const variable = read.name;
    const next = addDefinePlugin({ files, detection, variable: { name: variable, read: envObjectOf(read) } });
    if (next === null) return noChange(noPluginsPlace);
    const what = `lets ${variable} into the pages when the site is built`;
    return planChange(files, next, { variable, path, what });
  }
  // These let through what bears their prefix: the code has to read it under such a name.
  const own = read.name.startsWith(publicPrefixes[framework] ?? '-') ? read.name : variableFor(framework);
  const next = new Map<string, string>();
  const same = detection.references.filter(({ kind, name }) => kind === read.kind && name === read.name);
  // From the end of each file, so that the places before stay where they are.
  for (const { file, start, end } of same.toSorted((one, two) => two.start - one.start)) {
    const text = next.get(file.path) ?? file.text;
    next.set(file.path, `${text.slice(0, start)}${variableExpression(framework, own)}${text.slice(end)}`);
  }
  return planChange(files, next, { variable: own, path, what: `reads ${own}, which the build lets through` });
}

const noPluginsPlace = 'the place for plugins in docusaurus.config was not found';
const envObjectOf = ({ kind }: ApiUrlFinding['source']) =>
  kind === 'import-meta-env' ? ('import.meta.env' as const) : ('process.env' as const);

function addDefinePlugin({
  files,
  detection,
  variable,
}: {
  files: ProjectFiles;
  detection: ApiUrlDetection;
  variable: { name: string; read: 'process.env' | 'import.meta.env' };
}): Map<string, string> | null {
  const config = configOf(files);
  if (config === null) return null;
  const plugin = definePluginFile({
    variables: [
      variable,
      // One that stays undefined ends the whole page.
      ...detection.undefinedVariables
        .filter((name) => name !== variable.name)
        .map((name) => ({ name, read: 'process.env' as const })),
    ],
    version: detection.version,
  });
  const text = addPlugin(config.text, plugin.path);
  if (text === null) return null;
  return new Map([
    [plugin.path, plugin.text],
    [config.path, text],
  ]);
}

function configOf(files: ProjectFiles): { path: string; text: string } | null {
  for (const [path, text] of files) if (/^docusaurus\.config\.[cm]?[jt]s$/.test(path)) return { path, text };
  return null;
}

/** Every address of a server that is written into the source becomes the variable, with itself as the fallback. */
function planLiteralReplacement({
  files,
  detection,
  finding,
}: {
  files: ProjectFiles;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  if (framework === 'unknown') return noChange('no build tool was found that could fill in a variable');
  const variable = finding.variable ?? variableNamedInCode(finding) ?? variableFor(framework);
  const next = new Map<string, string>();
  let needsPlugin = false;
  for (const written of literalsIn(detection)) {
    const replaced = replaceAt({ files: new Map([...files, ...next]), written, variable, framework });
    if (typeof replaced === 'string') return noChange(replaced);
    for (const [path, text] of replaced) next.set(path, text);
    const { path } = written.file;
    needsPlugin ||= framework === 'docusaurus' && !isServedAsIs(path) && !isSiteConfig(path);
  }
  if (needsPlugin) {
    const plugged = addDefinePlugin({
      files: new Map([...files, ...next]),
      detection,
      variable: { name: variable, read: 'process.env' },
    });
    if (plugged === null) return noChange(noPluginsPlace);
    for (const [path, text] of plugged) next.set(path, text);
  }
  const what = `reads ${variable} in place of the address that is written there`;
  return planChange(files, next, { variable, path: '', what });
}

type UrlLiteral = Extract<ApiUrlFinding['definition'], { type: 'address' }>;

/** From the end of each file, so that the places before stay where they are. */
function literalsIn({ findings }: ApiUrlDetection): readonly UrlLiteral[] {
  const all = findings.flatMap(({ definition }) => (definition.type === 'address' ? [definition] : []));
  const lasting = all.filter(({ address }) => !isLoopback(address));
  return (lasting.length > 0 ? lasting : all).toSorted((a, b) => b.start - a.start);
}

const isLoopback = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);
const isSiteConfig = (path: string): boolean => path.startsWith('docusaurus.config.');

/** What is new in the files when one address is replaced; why it cannot be, in words. */
function replaceAt({
  files,
  written: { file, start, address },
  variable,
  framework,
}: {
  /** As they are by now. */
  files: ProjectFiles;
  written: UrlLiteral;
  variable: string;
  framework: ApiUrlDetection['framework'];
}): ReadonlyMap<string, string> | string {
  const { path } = file;
  if (path.endsWith('.html'))
    return `${path} is no script of the build: write %${variable}% there in place of the address`;
  if (isServedAsIs(path)) {
    const config = framework === 'docusaurus' ? configOf(files) : null;
    const plugged =
      config === null
        ? null
        : addStaticFilePlugin({ files, config: config.path, file: path, address, variable });
    return plugged ?? `${path} is served as it is: no variable gets into it`;
  }
  const read = isSiteConfig(path) ? `process.env.${variable}` : variableExpression(framework, variable);
  const text = replaceLiteral({ file, text: files.get(path) ?? file.text, start, address, read });
  if (text === null) return `${path} puts the address together: write it there in one piece`;
  return new Map([[path, text]]);
}

/** `API_BASE_URL` where the code’s own name for it is one that a variable may bear. */
function variableNamedInCode(finding: ApiUrlFinding): string | null {
  const { name } = finding.source;
  return /^(?:REACT_APP|VITE|NEXT_PUBLIC)_/.test(name) && isUrlName(name) ? name : null;
}
