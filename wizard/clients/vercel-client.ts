import * as z from 'zod';
import { createVercelCall, type VercelCallOptions } from './vercel-call.ts';
import {
  buildLogSchema,
  createdSchema,
  deploymentOf,
  deploymentSchema,
  deploymentsSchema,
  domainsSchema,
  projectSchema,
  variableSchema,
  variablesSchema,
  type FrontendDeployment,
  type FrontendVariable,
  type VercelTarget,
} from './vercel-schemas.ts';
import { readPages } from './read-pages.ts';
import { variableRejected, explainVariableError } from './vercel-errors.ts';

export type VariableToWrite = {
  key: string;
  value: string;
  type: 'plain' | 'encrypted' | 'sensitive';
  target: VercelTarget;
  comment: string;
};

/** The calls on one project. All throw HttpFailure. */
export interface VercelClient {
  /** Hosts that serve production without a redirect, custom ones first. */
  productionHosts(project: string): Promise<readonly string[]>;
  variables(project: string): Promise<readonly FrontendVariable[]>;
  /** Creates it for its target only, or replaces the one that has exactly this target. */
  upsertVariable(project: string, variable: VariableToWrite): Promise<void>;
  /** Sets a variable's targets; its value is kept. */
  retarget(project: string, options: { id: string; target: readonly string[] }): Promise<void>;
  removeVariable(project: string, id: string): Promise<void>;
  /** Production deployments, newest first. */
  deployments(
    project: string,
    options: { state?: string; limit: number },
  ): Promise<readonly FrontendDeployment[]>;
  redeploy(options: { deployment: string; name: string }): Promise<FrontendDeployment>;
  deployment(id: string): Promise<FrontendDeployment>;
  /** Lines of a build's log, oldest first. */
  buildLog(id: string): Promise<readonly string[]>;
  /** Whether pushes to a repository deploy the project. */
  isLinked(project: string): Promise<boolean>;
  /** Folder of the repository that is built, `packages/book`; null for its top. */
  rootDirectory(project: string): Promise<string | null>;
}

/** Paths as Vercel's own CLI uses them; the team goes with every call. */
export function createVercelClient(options: VercelCallOptions): VercelClient {
  const { call } = createVercelCall(options);
  const project = (idOrName: string): string => encodeURIComponent(idOrName);
  /** The query of a page: Vercel names the next one by `until`. */
  const until = (next: string | null): Record<string, string> => (next === null ? {} : { until: next });

  return {
    productionHosts: async (idOrName) => {
      const what = 'listing the project’s domains';
      const domains = await readPages({
        service: 'vercel',
        what,
        read: async (next) => {
          const query = { production: 'true', verified: 'true', limit: '100', ...until(next) };
          const path = `/v9/projects/${project(idOrName)}/domains`;
          const page = await call(domainsSchema, path, what, { query });
          return { items: page.domains, next: page.pagination?.next };
        },
      });
      const hosts = domains
        .filter(({ redirect, gitBranch }) => redirect == null && gitBranch == null)
        .map(({ name }) => name);
      if (hosts.length > 0) return customFirst(hosts);
      const { targets } = await call(
        projectSchema,
        `/v9/projects/${project(idOrName)}`,
        'reading the project',
      );
      return customFirst(targets?.['production']?.alias ?? []);
    },
    variables: async (idOrName) => {
      const path = `/v10/projects/${project(idOrName)}/env`;
      const what = 'listing the frontend’s variables';
      return readPages({
        service: 'vercel',
        what,
        read: async (next) => {
          const page = await call(variablesSchema, path, what, {
            query: { decrypt: 'true', ...until(next) },
          });
          return { items: page.envs, next: page.pagination?.next };
        },
      });
    },
    upsertVariable: async (idOrName, { target, ...variable }) => {
      const { failed } = await call(
        createdSchema,
        `/v10/projects/${project(idOrName)}/env`,
        `setting the frontend’s variable ${variable.key}`,
        {
          method: 'POST',
          retry: true,
          query: { upsert: 'true' },
          json: { ...variable, target: [target] },
        },
      ).catch((error: unknown) => {
        throw explainVariableError(error, variable.key);
      });
      const error = failed?.[0]?.error;
      if (error !== undefined) throw variableRejected(variable.key, error);
    },
    retarget: async (idOrName, { id, target }) => {
      const path = `/v9/projects/${project(idOrName)}/env/${encodeURIComponent(id)}`;
      const what = 'taking an environment out of the old variable';
      await call(variableSchema.partial(), path, what, { method: 'PATCH', retry: true, json: { target } });
    },
    removeVariable: async (idOrName, id) => {
      const path = `/v9/projects/${project(idOrName)}/env/${encodeURIComponent(id)}`;
      await call(z.unknown(), path, 'removing the frontend’s variable', { method: 'DELETE' });
    },
    deployments: async (idOrName, { state, limit }) => {
      const { deployments } = await call(deploymentsSchema, '/v6/deployments', 'listing the deployments', {
        query: {
          projectId: idOrName,
          target: 'production',
          limit: String(limit),
          ...(state === undefined ? {} : { state }),
        },
      });
      return deployments.map(deploymentOf);
    },
    redeploy: async ({ deployment, name }) => {
      const json = { deploymentId: deployment, meta: { action: 'redeploy' }, name, target: 'production' };
      const what = 'redeploying the frontend';
      const query = { forceNew: '1' };
      return deploymentOf(
        await call(deploymentSchema, '/v13/deployments', what, {
          method: 'POST',
          query,
          json,
          timeoutMs: 60_000,
        }),
      );
    },
    buildLog: async (id) => {
      const query = { builds: '1', direction: 'forward', limit: '-1' };
      const lines = await call(buildLogSchema, `/v3/deployments/${id}/events`, 'reading the build’s log', {
        query,
      });
      return lines.flatMap(({ text, payload }) => text ?? payload?.text ?? []);
    },
    isLinked: async (idOrName) => {
      const path = `/v9/projects/${project(idOrName)}`;
      return (await call(projectSchema, path, 'reading the project')).link != null;
    },
    rootDirectory: async (idOrName) => {
      const path = `/v9/projects/${project(idOrName)}`;
      const { rootDirectory } = await call(projectSchema, path, 'reading the project');
      return rootDirectory?.replaceAll(/^\.?\/+|\/+$/g, '') || null;
    },
    deployment: async (id) =>
      deploymentOf(await call(deploymentSchema, `/v13/deployments/${id}`, 'following the deployment')),
  };
}

/** The project's own domain is the one that readers see. */
function customFirst(hosts: readonly string[]): readonly string[] {
  const rank = (host: string): number => (host.endsWith('.vercel.app') ? 1 : 0);
  return hosts.toSorted((a, b) => rank(a) - rank(b));
}
