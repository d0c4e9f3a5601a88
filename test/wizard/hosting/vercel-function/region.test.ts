import { expect, it } from 'vitest';
import { regionNear } from '../../../../wizard/hosting/vercel-function/region.ts';

/** The region ids that Vercel's own source names. */
const regionIds =
  'arn1 bom1 cdg1 cle1 cpt1 dub1 fra1 gru1 hkg1 hnd1 iad1 icn1 kix1 lhr1 pdx1 sfo1 sin1 syd1'.split(' ');

it.each([
  ['ep-a-pooler.eu-central-1.aws.neon.tech', 'fra1'],
  ['ep-a.c-2.us-east-2.aws.neon.tech', 'cle1'],
  ['ep-a.eastus2.azure.neon.tech', 'iad1'],
  ['aws-0-ap-south-1.pooler.supabase.com', 'bom1'],
  ['db.eu-west-2.rds.amazonaws.com', 'lhr1'],
  ['db.ca-central-1.rds.amazonaws.com', 'cle1'],
  // Of a place that is not known, Vercel's default.
  ['db.abcdef.supabase.co', 'iad1'],
  ['127.0.0.1', 'iad1'],
  ['constructor.toString.example', 'iad1'],
])('a database at %s has its server in %s', (host, region) => {
  expect(regionNear(host)).toBe(region);
  expect(regionIds).toContain(region);
});
