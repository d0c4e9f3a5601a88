/** A name under which these frontends keep the address of their server; never one of a key. */
export function isAddressName(name: string): boolean {
  if (/key|token|secret|password|node_env|public_url|site_url|db|database|qdrant/i.test(name)) return false;
  return (
    /api|backend|server|chat|rag|bot|assistant|endpoint/i.test(name) &&
    /url|uri|base|endpoint|host|origin|api|backend|server/i.test(name)
  );
}

/** `REACT_APP_API_BASE_URL` where nothing in the project suggests another name. */
export const usualVariable = 'REACT_APP_API_BASE_URL';

export type Framework = 'docusaurus' | 'create-react-app' | 'vite' | 'next' | 'unknown';

const usual: Record<Framework, string> = {
  docusaurus: usualVariable,
  'create-react-app': usualVariable,
  vite: 'VITE_API_BASE_URL',
  next: 'NEXT_PUBLIC_API_BASE_URL',
  unknown: usualVariable,
};

/** The name for a variable that we bring in: one that the framework lets through to the browser. */
export function variableFor(framework: Framework): string {
  return usual[framework];
}

/** As the code reads that variable. */
export function readOf(framework: Framework, variable: string): string {
  return framework === 'vite' ? `import.meta.env.${variable}` : `process.env.${variable}`;
}

export type FrameworkFound = { framework: Framework; version: string | null };

/** From the project's manifest; `version` is its range's first version. */
export function frameworkOf(manifest: string | undefined): FrameworkFound {
  const packages: Record<string, Framework> = {
    '@docusaurus/core': 'docusaurus',
    next: 'next',
    'react-scripts': 'create-react-app',
    vite: 'vite',
  };
  for (const [name, framework] of Object.entries(packages)) {
    const range = new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`).exec(manifest ?? '')?.[1];
    if (range !== undefined) return { framework, version: /\d+(?:\.\d+)*/.exec(range)?.[0] ?? null };
  }
  return { framework: 'unknown', version: null };
}
