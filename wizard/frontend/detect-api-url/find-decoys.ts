import { locationAt } from '../../../javascript/source-file.ts';
import type { UrlSource } from '../url-source.ts';
import { isUrlName } from '../variable-names.ts';
import type { ApiUrlDetection, ApiUrlFinding } from './api-url-detection.ts';
import { findUnusedFields } from './find-unused-fields.ts';
import type { Project } from './parse-project.ts';

type Decoys = ApiUrlDetection['decoys'];

/** URLs and variables that no chat request uses: those of `others`, and those of no request at all. */
export function findDecoys(
  project: Project,
  {
    sources,
    requested,
    others,
  }: { sources: readonly UrlSource[]; requested: readonly ApiUrlFinding[]; others: readonly ApiUrlFinding[] },
): Decoys {
  return [
    ...others.map(({ source, location }) => ({
      name: source.name,
      location,
      reason: 'only other requests than the chat’s use it',
    })),
    ...unusedSources(sources, requested),
    ...findUnusedFields(project).map((field) => ({ ...field, reason: 'no page reads this field' })),
  ];
}

/** Sources that are named like the URL of an API and that no request uses. */
function unusedSources(sources: readonly UrlSource[], findings: readonly ApiUrlFinding[]): Decoys {
  const used = new Set(findings.map(({ source }) => `${source.kind} ${source.name}`));
  const unused = new Map<string, UrlSource>();
  for (const source of sources) {
    const key = `${source.kind} ${source.name}`;
    if (isUrlName(source.name.split('.').at(-1) ?? '') && !used.has(key)) unused.set(key, source);
  }
  return [...unused.values()].map(({ name, file, start }) => ({
    name,
    location: locationAt(file, start),
    reason: 'no request uses it',
  }));
}
