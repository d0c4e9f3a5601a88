import { HttpFailure } from '../../clients/http-failure.ts';
import { isCondition } from '../../model/formats/vendor-condition.ts';
import type { Secret } from '../../model/secret.ts';
import { quotaOf } from './gemini-quota.ts';

export const keyPage = 'https://aistudio.google.com/apikey';

/** Standard keys open every API of their project; those that begin with AQ. are for Gemini only. */
export function isStandard(key: Secret): boolean {
  return key.reveal().startsWith('AIza');
}

/** Replaces the status's text where Google's reason is known. */
export function explainGeminiError({ error, key }: { error: unknown; key: Secret }): {
  code?: string;
  message?: string;
  remedy: string;
} {
  const text = error instanceof HttpFailure ? error.bodyText : '';
  if (error instanceof HttpFailure && quotaOf(error) === 'credits') {
    return {
      code: 'no-credits',
      message: 'The credits that were paid in advance for this key’s project are used up: no model answers.',
      remedy: `Pay in at https://ai.studio/projects, or give a key of another project (${keyPage}).`,
    };
  }
  const makeOne = `Make a new key at ${keyPage} and give that one.`;
  if (error instanceof HttpFailure && error.kind === 'rejected' && isStandard(key)) {
    return {
      code: 'standard-key',
      message: 'Gemini does not take this key: keys that begin with AIza were retired in September 2026.',
      remedy: `Make a new key in Google AI Studio (${keyPage}); it begins with AQ.`,
    };
  }
  if (/CONSUMER_SUSPENDED|has been suspended|project has been denied access/.test(text)) {
    const message = 'Google has suspended the project of this Gemini key.';
    const remedy = `A new key of that project is suspended, too: appeal in its Cloud console, or give a key of another project (${keyPage}).`;
    return { code: 'account-suspended', message, remedy };
  }
  if (/location is not supported/i.test(text)) {
    const message = 'Gemini’s free tier is not offered where this computer is.';
    return { code: 'location', message, remedy: `Turn on billing for the key’s project at ${keyPage}.` };
  }
  if (/BILLING_DISABLED|requires billing to be enabled/.test(text)) {
    const message = 'The project of this Gemini key may not be used without billing.';
    return {
      code: 'billing-disabled',
      message,
      remedy: `Turn on billing at https://console.cloud.google.com/billing, or give a key of another project (${keyPage}).`,
    };
  }
  if (/reported as leaked/i.test(text)) {
    const message = 'Google has closed this Gemini key, because it was found in public.';
    return {
      code: 'key-leaked',
      message,
      remedy: `Keep the next one out of files that are published. ${makeOne}`,
    };
  }
  if (
    /SERVICE_DISABLED|API_KEY_SERVICE_BLOCKED|API_KEY_(HTTP_REFERRER|IP_ADDRESS|ANDROID_APP|IOS_APP)_BLOCKED/.test(
      text,
    )
  ) {
    const message = 'The key is real, but restricted so that the Gemini API is closed to it.';
    return { code: 'key-restricted', message, remedy: `Lift its restrictions, or: ${makeOne}` };
  }
  // What a vendor says of an account, no other key of it changes.
  const isOfAccount = error instanceof HttpFailure && isCondition(error.code);
  return { remedy: isOfAccount ? error.remedy : makeOne };
}
