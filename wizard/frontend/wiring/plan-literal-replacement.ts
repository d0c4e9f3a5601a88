import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../detect-api-url/api-url-detection.ts';
import { isServedAsIs } from '../file-roles.ts';
import { variableExpression, variableFor, type Framework } from '../framework.ts';
import { isLoopbackUrl } from '../url-source.ts';
import { isUrlName } from '../variable-names.ts';
import { isSiteConfig } from './docusaurus-config.ts';
import { addDefinePlugin, addStaticFilePlugin, noPluginsPlace } from './docusaurus-plugin.ts';
import { replaceLiteral } from './replace-literal.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/** Replaces every literal URL of an API with a variable; the literal becomes the fallback. */
export function planLiteralReplacement({
  files,
  detection,
  finding,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  if (framework === 'unknown') return noChange('no build tool was found that could fill in a variable');
  const variable =
    finding.variable ?? finding.guardedVariable ?? variableNamedInCode(finding) ?? variableFor(framework);
  const next = new Map<string, string>();
  let needsPlugin = false;
  for (const literal of literalsIn(detection, finding)) {
    const current = new Map([...files, ...next]);
    const replaced = replaceInFile({ files: current, literal, variable, framework });
    if ('problem' in replaced) return noChange(replaced.problem);
    for (const [path, text] of replaced.files) next.set(path, text);
    const { path } = literal.file;
    needsPlugin ||= framework === 'docusaurus' && !isServedAsIs(path) && !isSiteConfig(path);
  }
  if (needsPlugin) {
    const plugin = addDefinePlugin({
      files: new Map([...files, ...next]),
      detection,
      variable: { name: variable, env: 'process.env' },
    });
    if (plugin === null) return noChange(noPluginsPlace);
    for (const [path, text] of plugin) next.set(path, text);
  }
  const summary = `reads ${variable} instead of the address in the code`;
  return planChange(files, next, { variable, path: '', summary });
}

type UrlLiteral = Extract<ApiUrlFinding['definition'], { type: 'literal' }>;

/** From the end of each file, so that the offsets before stay valid. */
function literalsIn(
  { findings }: ApiUrlDetection,
  { definition: chosen }: ApiUrlFinding,
): readonly UrlLiteral[] {
  const literals = findings.flatMap(({ definition }) =>
    // Two different hosts are two servers: only the chosen one is touched.
    definition.type === 'literal' && (chosen.type !== 'literal' || isSameOrigin(definition, chosen))
      ? [definition]
      : [],
  );
  const publicLiterals = literals.filter(({ url }) => !isLoopbackUrl(url));
  return (publicLiterals.length > 0 ? publicLiterals : literals).toSorted((a, b) => b.start - a.start);
}

const isSameOrigin = (a: UrlLiteral, b: UrlLiteral): boolean =>
  new URL(a.url).origin === new URL(b.url).origin;

type Replacement = { files: SourceTexts } | { problem: string };

/** The files that change when one literal is replaced, or why it cannot be. */
function replaceInFile({
  files,
  literal: { file, start, url },
  variable,
  framework,
}: {
  /** With the replacements that were made before. */
  files: SourceTexts;
  literal: UrlLiteral;
  variable: string;
  framework: Framework;
}): Replacement {
  const { path } = file;
  const isCopied = framework === 'docusaurus' && isServedAsIs(path);
  if (path.endsWith('.html') && !isCopied)
    return {
      problem: `${path} is not a script of the build: write %${variable}% there instead of the address`,
    };
  if (isServedAsIs(path)) {
    const plugin = isCopied ? addStaticFilePlugin({ files, file: path, url, variable }) : null;
    return plugin === null
      ? { problem: `${path} is copied unchanged: no variable gets into it` }
      : { files: plugin };
  }
  // The configuration runs in Node.js.
  const expression = isSiteConfig(path) ? `process.env.${variable}` : variableExpression(framework, variable);
  const text = replaceLiteral({ file, text: files.get(path) ?? file.text, start, url, expression });
  return text === null
    ? { problem: `${path} builds the address from parts: write it there in one piece` }
    : { files: new Map([[path, text]]) };
}

/** `VITE_CHAT_API_URL` where the code calls the URL that, and a variable may have that name. */
function variableNamedInCode({ source: { name } }: ApiUrlFinding): string | null {
  return /^(?:REACT_APP|VITE|NEXT_PUBLIC)_/.test(name) && isUrlName(name) ? name : null;
}
