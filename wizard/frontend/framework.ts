import { z } from 'zod';

/** What must never be taken for an address: it would be shown, and written into the pages. */
export function isSecretName(name: string): boolean {
  return /key|token|secret|password/i.test(name);
}

/** A name under which these frontends keep the address of their server; never one of a key. */
export function isUrlName(name: string): boolean {
  if (isSecretName(name) || /node_env|public_url|site_url|db|database|qdrant/i.test(name)) return false;
  return (
    /api|backend|server|chat|rag|bot|assistant|endpoint/i.test(name) &&
    /url|uri|base|endpoint|host|origin|api|backend|server/i.test(name)
  );
}

/** `REACT_APP_API_BASE_URL` where nothing in the project suggests another name. */
export const defaultVariable = 'REACT_APP_API_BASE_URL';

export type Framework = 'docusaurus' | 'create-react-app' | 'vite' | 'next' | 'unknown';

const defaultVariables: Record<Framework, string> = {
  docusaurus: defaultVariable,
  'create-react-app': defaultVariable,
  vite: 'VITE_API_BASE_URL',
  next: 'NEXT_PUBLIC_API_BASE_URL',
  unknown: defaultVariable,
};

/** What the names of the variables begin with that a build lets through to the browser by itself. */
export const publicPrefixes: Partial<Record<Framework, string>> = {
  'create-react-app': 'REACT_APP_',
  next: 'NEXT_PUBLIC_',
  vite: 'VITE_',
};

/** The name for a variable that we bring in: one that the framework lets through to the browser. */
export function variableFor(framework: Framework): string {
  return defaultVariables[framework];
}

/** As the code reads that variable. */
export function variableExpression(framework: Framework, variable: string): string {
  return framework === 'vite' ? `import.meta.env.${variable}` : `process.env.${variable}`;
}

export type FrameworkVersion = { framework: Framework; version: string | null };

/** Tools in the order in which they count: a Docusaurus site may have Vite for its tests. */
const tools: readonly (readonly [name: string, framework: Framework])[] = [
  ['@docusaurus/core', 'docusaurus'],
  ['next', 'next'],
  ['react-scripts', 'create-react-app'],
  ['vite', 'vite'],
];

const manifestSchema = z.looseObject({
  dependencies: z.record(z.string(), z.unknown()).optional(),
  devDependencies: z.record(z.string(), z.unknown()).optional(),
});

/** From the project's manifest; `version` is its range's first version. */
export function frameworkOf(manifest: string | undefined): FrameworkVersion {
  const { dependencies, devDependencies } = manifestIn(manifest);
  const all = { ...devDependencies, ...dependencies };
  for (const [name, framework] of tools) {
    const range = all[name];
    if (typeof range === 'string') return { framework, version: /\d+(?:\.\d+)*/.exec(range)?.[0] ?? null };
  }
  return { framework: 'unknown', version: null };
}

function manifestIn(text = '{}'): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data ?? {};
  } catch {
    return {};
  }
}
