import * as z from 'zod';

export type Framework = 'docusaurus' | 'create-react-app' | 'vite' | 'next' | 'unknown';

/** The variable where nothing in the project suggests another name. */
export const defaultVariable = 'REACT_APP_API_BASE_URL';

const defaultVariables: Record<Framework, string> = {
  docusaurus: defaultVariable,
  'create-react-app': defaultVariable,
  vite: 'VITE_API_BASE_URL',
  next: 'NEXT_PUBLIC_API_BASE_URL',
  unknown: defaultVariable,
};

/** The prefix of the variables that a build exposes to the browser without being configured. */
export const publicPrefixes: Partial<Record<Framework, string>> = {
  'create-react-app': 'REACT_APP_',
  next: 'NEXT_PUBLIC_',
  vite: 'VITE_',
};

/** The name of a variable that this tool adds: one that the framework exposes to the browser. */
export function variableFor(framework: Framework): string {
  return defaultVariables[framework];
}

/** The expression that reads a variable in browser code. */
export function variableExpression(framework: Framework, variable: string): string {
  return framework === 'vite' ? `import.meta.env.${variable}` : `process.env.${variable}`;
}

/** By precedence: a Docusaurus site may have Vite for its tests. */
const frameworkPackages: readonly (readonly [name: string, framework: Framework])[] = [
  ['@docusaurus/core', 'docusaurus'],
  ['next', 'next'],
  ['react-scripts', 'create-react-app'],
  ['vite', 'vite'],
];

const manifestSchema = z.looseObject({
  dependencies: z.record(z.string(), z.unknown()).optional(),
  devDependencies: z.record(z.string(), z.unknown()).optional(),
});

/** The framework that a `package.json` depends on. */
export function frameworkOf(manifest: string | undefined): Framework {
  const { dependencies, devDependencies } = parseManifest(manifest);
  const ranges = { ...devDependencies, ...dependencies };
  for (const [name, framework] of frameworkPackages) {
    if (typeof ranges[name] === 'string') return framework;
  }
  return 'unknown';
}

function parseManifest(text = '{}'): z.infer<typeof manifestSchema> {
  try {
    // Windows editors put a byte order mark first, which is not JSON.
    return manifestSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data ?? {};
  } catch {
    return {};
  }
}
