import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../detect-api-url/api-url-detection.ts';
import { publicPrefixes, variableExpression, variableFor } from '../framework.ts';
import { addDefinePlugin, noPluginsPlace } from './docusaurus-plugin.ts';
import { applyEdits } from './text-edits.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/** Makes the build fill in a variable that the code reads and that nothing defines yet. */
export function planDefine({
  files,
  detection,
  finding,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  const { source, suffix } = finding;
  const { path } = suffix;
  if (source.isDestructured === true && framework !== 'create-react-app') {
    const whole = variableExpression(framework, finding.variable ?? source.name);
    return noChange(`write ${whole} in full where it is read: the build replaces nothing else`);
  }
  if (framework === 'docusaurus') {
    const variable = source.name;
    const env = source.kind === 'import-meta-env' ? 'import.meta.env' : 'process.env';
    const next = addDefinePlugin({ files, detection, variable: { name: variable, env } });
    if (next === null) return noChange(noPluginsPlace);
    const summary = `puts ${variable} into the pages when the site is built`;
    return planChange(files, next, { variable, path, summary });
  }
  return planPublicName({ files, detection, finding });
}

/** The other frameworks expose variables with their prefix: the code has to read one under such a name. */
function planPublicName({
  files,
  detection,
  finding,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  const { source, suffix } = finding;
  const isPublic = source.name.startsWith(publicPrefixes[framework] ?? '-');
  const variable = isPublic ? source.name : variableFor(framework);
  const spelled = detection.sources.filter(({ kind, name }) => kind === source.kind && name === source.name);
  const text = variableExpression(framework, variable);
  const next = applyEdits(spelled.map(({ file, start, end }) => ({ file, start, end, text })));
  const summary = `reads ${variable}, which the build exposes to the browser`;
  return planChange(files, next, { variable, path: suffix.path, summary });
}
