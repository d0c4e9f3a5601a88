import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { commentsAndStrings } from './comments-and-strings.ts';
import { fieldsAndGlobals } from './fields-and-globals.ts';
import { globalsOfPages } from './globals-of-pages.ts';
import { namesAcrossFiles } from './names-across-files.ts';
import { namesInOneFile } from './names-in-one-file.ts';
import { otherAddresses } from './other-addresses.ts';
import type { ExpectedFinding } from './project.ts';
import { requestsOfAllKinds } from './requests-of-all-kinds.ts';
import { tracedValues } from './traced-values.ts';
import { settingsOfBuilds } from './settings-of-builds.ts';

const projects = [
  ...commentsAndStrings,
  ...fieldsAndGlobals,
  ...globalsOfPages,
  ...namesAcrossFiles,
  ...namesInOneFile,
  ...otherAddresses,
  ...requestsOfAllKinds,
  ...tracedValues,
  ...settingsOfBuilds,
];

describe('code as people write it', () => {
  it.each(projects)('%s', (_, files, wanted) => {
    const { findings, undefinedVariables } = detectApiUrl(new Map(Object.entries(files)));
    const [first] = findings;
    if (wanted.none === true) expect(findings.map(({ place }) => place)).toEqual([]);
    else expect(first).toBeDefined();
    if (wanted.only === true) expect(findings).toHaveLength(1);
    const found: ExpectedFinding = {
      ...(first !== undefined && {
        mechanism: first.mechanism,
        variable: first.variable ?? '',
        path: first.suffix.path,
        name: first.source.name,
        reaches: first.reaches,
      }),
      undef: undefinedVariables,
    };
    const { none: _none, only: _only, ...expected } = wanted;
    expect(found).toMatchObject(expected);
  });
});
