import type { Route } from '../exchange/serve-routes.ts';
import { whoAmI } from './accounts.ts';
import { HubApiError } from './hub-api-error.ts';
import { callerOf, requireCaller, type HubState } from './state.ts';

/** Identity of a token, and the plan of an organisation. */
export function accountRoutes(state: HubState): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/whoami-v2',
      name: 'whoami',
      handle: (call) => {
        const { account, token } = requireCaller(state, call);
        return { json: whoAmI(account, token, state.organizations) };
      },
    },
    {
      method: 'GET',
      path: '/api/organizations/:name/overview',
      name: 'organization',
      handle: (call) => {
        callerOf(state, call.headers);
        const organization = state.organizations.find(({ name }) => name === call.params['name']);
        if (organization === undefined) throw new HubApiError(404, 'This organization does not exist');
        const { name, fullname, plan } = organization;
        const members = state.accounts.filter(({ orgs }) => orgs.some((org) => org.name === name));
        const spaces = [...state.repositories.values()].filter(({ owner }) => owner === name);
        return {
          json: {
            name,
            fullname,
            avatarUrl: '/avatars/organization.svg',
            isVerified: false,
            numUsers: members.length,
            numSpaces: spaces.length,
            ...(plan === null ? {} : { plan }),
          },
        };
      },
    },
  ];
}
