import { randomBytes, randomInt } from 'node:crypto';
import type { Route, RouteCall, RouteReply } from '../exchange/serve-routes.ts';
import { fakeOAuthToken } from './accounts.ts';
import type { HubState } from './state.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
/** Without vowels and what looks alike: RFC 8628, 6.1. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

/** The device flow of public clients: RFC 8628, https://huggingface.co/docs/hub/oauth */
export function oauthRoutes(state: HubState): Route[] {
  return [
    {
      method: 'POST',
      path: '/oauth/device',
      name: 'device-code',
      handle: (call) => deviceCode(state, formOf(call)),
    },
    {
      method: 'GET',
      path: '/oauth/device',
      name: 'device-page',
      handle: ({ query }) => devicePage(state, query),
    },
    {
      method: 'POST',
      path: '/oauth/token',
      name: 'device-token',
      handle: (call) => deviceToken(state, formOf(call)),
    },
  ];
}

function deviceCode({ oauth, url }: HubState, form: URLSearchParams): RouteReply {
  const client = form.get('client_id');
  if (client === null || client === '') return refusal('invalid_client', 'client_id is required');
  const deviceCode = randomBytes(24).toString('base64url');
  const part = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  const userCode = `${part()}-${part()}`;
  const { decision, interval, expiresIn, now } = oauth;
  const expiresAt = now() + expiresIn * 1_000;
  const intervalMs = interval * 1_000;
  oauth.grants.push({ deviceCode, userCode, client, decision, expiresAt, polledAt: null, intervalMs });
  const page = `${url()}/oauth/device`;
  return {
    json: {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: expiresIn,
      interval,
    },
  };
}

/** Where the user accepts or declines: a page of a rehearsal, of which the real one has more. */
function devicePage({ oauth }: HubState, query: URLSearchParams): RouteReply {
  const code = (query.get('user_code') ?? '').toUpperCase();
  const grant = oauth.grants.find(({ userCode }) => userCode === code);
  const decision = query.get('decision');
  if (grant !== undefined && (decision === 'approved' || decision === 'denied')) grant.decision = decision;
  const text =
    grant === undefined
      ? '<p>Enter the code that the terminal shows.</p><form><input name="user_code"> <button>Continue</button></form>'
      : grant.decision === 'pending'
        ? `<p>May the app of code ${grant.userCode} create Spaces for ana?</p><form><input type="hidden" name="user_code" value="${grant.userCode}"><button name="decision" value="approved">Accept</button> <button name="decision" value="denied">Decline</button></form>`
        : '<p>Done. Go back to the terminal.</p>';
  const html = `<!doctype html><meta charset="utf-8"><title>Rehearsal: sign in</title><h1>Stand-in of Hugging Face</h1>${text}`;
  return { text: html, type: 'text/html; charset=utf-8' };
}

function deviceToken(state: HubState, form: URLSearchParams): RouteReply {
  if (form.get('grant_type') !== grantType)
    return refusal('unsupported_grant_type', 'only the device flow is imitated');
  const grant = state.oauth.grants.find(({ deviceCode }) => deviceCode === form.get('device_code'));
  if (grant === undefined || grant.client !== form.get('client_id'))
    return refusal('invalid_grant', 'unknown device_code');
  const now = state.oauth.now();
  const isEarly = grant.polledAt !== null && now - grant.polledAt < grant.intervalMs;
  grant.polledAt = now;
  if (grant.decision === 'expired' || now > grant.expiresAt) return refusal('expired_token', 'expired');
  if (grant.decision === 'denied') return refusal('access_denied', 'the user denied it');
  if (isEarly) return refusal('slow_down', 'too many requests');
  if (grant.decision === 'pending') return refusal('authorization_pending', 'not yet');
  // A code is good for one token.
  state.oauth.grants = state.oauth.grants.filter((other) => other !== grant);
  const value = fakeOAuthToken();
  state.tokens.push({ value, displayName: 'sign in', user: 'ana', role: 'oauth', scoped: [] });
  const scope = 'openid profile contribute-repos';
  return { json: { access_token: value, token_type: 'bearer', expires_in: 28_800, scope } };
}

function formOf(call: RouteCall): URLSearchParams {
  return new URLSearchParams(call.body.toString());
}

function refusal(error: string, description: string): RouteReply {
  return { status: 400, json: { error, error_description: description } };
}
