import { describe, expect, it } from 'vitest';
import { HttpFailure } from '../../../../wizard/clients/http-failure.ts';
import { vendorCondition } from '../../../../wizard/model/formats/vendor-condition.ts';

describe('what a vendor says about an account', () => {
  // As public issues and forums quote the vendors.
  it.each([
    ['account-suspended', 'Your account has been suspended. Contact support@example.com.'],
    ['account-suspended', 'This organization is locked due to an unpaid invoice'],
    ['account-suspended', "Permission denied: Consumer 'projects/1' has been suspended."],
    ['account-suspended', 'The deployment was not created because the team is blocked.'],
    ['policy-refused', 'This Space has been disabled: it violates our Content Policy'],
    ['policy-refused', 'Your project exceeded our fair use guidelines'],
    ['account-unfinished', 'Please verify your email address first'],
    ['account-unfinished', 'Your e-mail is not verified yet'],
    ['policy-refused', 'Your storage patterns tripped our internal systems! Please contact us.'],
    ['quota-used-up', 'Repository storage limit reached (Max: 1 GB)'],
    ['quota-used-up', 'You have exceeded your monthly included credits for Inference Providers'],
    ['quota-used-up', 'Workload evicted, storage limit exceeded (50G)'],
    ['quota-used-up', 'No space left: disk is full'],
    ['rate-limited', 'You have exceeded our hourly quotas for action: commit. We invite you to retry later.'],
    ['rate-limited', 'The daily limit of deployments is reached'],
    [null, 'Service unavailable, try again later'],
    ['no-capacity', 'Scheduling failure: unable to schedule'],
    ['no-capacity', 'Scheduling failure: not enough hardware capacity'],
    ['no-capacity', 'The region is at capacity, try another one'],
    [null, 'Memory limit exceeded (16Gi)'],
    [null, 'Launch timed out, workload was not healthy after 30 min'],
    [null, 'We had to rate limit you. Limit of 1000 requests per 5 minutes reached'],
    [null, 'The repository name is already in use'],
    [null, 'Invalid value for limit: it must be a number'],
    [null, 'You do not have the rights to create a Space for this user'],
  ])('is %s for: %s', (code, sentence) => {
    expect(vendorCondition(sentence, 'Vercel')?.code ?? null).toBe(code);
  });

  it('names the vendor, and has one remedy for each', () => {
    const sentences = ['account suspended', 'terms of service', 'quota exceeded', 'unable to schedule'];
    const remedies = sentences.map((sentence) => vendorCondition(sentence, 'Vercel')?.remedy ?? '');
    expect(remedies.every((remedy) => remedy.includes('Vercel') && !remedy.includes('VENDOR'))).toBe(true);
    expect(new Set(remedies).size).toBe(4);
  });
});

it.each([
  [
    403,
    'You have exceeded our hourly quotas for action: commit.',
    'Wait as long as it says, then run again.',
  ],
  [
    429,
    'You have been rate-limited; you can retry this action in about 24 hours.',
    'Wait 24 hours, then run again.',
  ],
  [429, 'Too many requests', 'Give Hugging Face some minutes, then run again.'],
])('a limit of a time is waited for as the vendor says: %d %s', (status, message, remedy) => {
  const problem = { type: 'status', status } as const;
  const failure = new HttpFailure({
    problem,
    service: 'huggingface',
    what: 'uploading',
    data: { error: message },
  });
  expect(failure).toMatchObject({ code: 'rate-limited', remedy });
  expect(failure.message).toContain('rate-limited you');
});
