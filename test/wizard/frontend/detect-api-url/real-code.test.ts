import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { commentsAndStrings } from './projects/comments-and-strings.ts';
import { fieldsAndGlobals } from './projects/fields-and-globals.ts';
import { pageGlobals } from './projects/page-globals.ts';
import { namesAcrossFiles } from './projects/names-across-files.ts';
import { namesInOneFile } from './projects/names-in-one-file.ts';
import { otherUrls } from './projects/other-urls.ts';
import type { ExpectedFinding } from './sample-project.ts';
import { requestKinds } from './projects/request-kinds.ts';
import { tracedValues } from './projects/traced-values.ts';
import { buildSettings } from './projects/build-settings.ts';

const projects = [
  ...commentsAndStrings,
  ...fieldsAndGlobals,
  ...pageGlobals,
  ...namesAcrossFiles,
  ...namesInOneFile,
  ...otherUrls,
  ...requestKinds,
  ...tracedValues,
  ...buildSettings,
];

describe('code as people write it', () => {
  it.each(projects)('%s', (_, files, wanted) => {
    const { findings, undefinedVariables } = detectApiUrl(new Map(Object.entries(files)));
    const [first] = findings;
    if (wanted.none === true) expect(findings.map(({ location: place }) => place)).toEqual([]);
    else expect(first).toBeDefined();
    if (wanted.only === true) expect(findings).toHaveLength(1);
    const found: ExpectedFinding = {
      ...(first !== undefined && {
        mechanism: first.mechanism,
        variable: first.variable ?? '',
        path: first.suffix.path,
        name: first.source.name,
        reaches: first.reachesPages,
      }),
      undef: undefinedVariables,
    };
    const { none: _none, only: _only, ...expected } = wanted;
    expect(found).toMatchObject(expected);
  });
});
