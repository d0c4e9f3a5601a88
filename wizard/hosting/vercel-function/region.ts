/** Vercel's default region. */
export const defaultRegion = 'iad1';

/** Vercel's regions by the name of the cloud region beside which they are: https://vercel.com/docs/regions */
const regions: Readonly<Record<string, string>> = {
  'us-east-1': 'iad1',
  'us-east-2': 'cle1',
  'us-west-1': 'sfo1',
  'us-west-2': 'pdx1',
  // Vercel has none there: the nearest.
  'ca-central-1': 'cle1',
  'sa-east-1': 'gru1',
  'eu-west-1': 'dub1',
  'eu-west-2': 'lhr1',
  'eu-west-3': 'cdg1',
  'eu-central-1': 'fra1',
  'eu-north-1': 'arn1',
  'ap-south-1': 'bom1',
  'ap-southeast-1': 'sin1',
  'ap-southeast-2': 'syd1',
  'ap-northeast-1': 'hnd1',
  'ap-northeast-2': 'icn1',
  'ap-northeast-3': 'kix1',
  'ap-east-1': 'hkg1',
  'me-central-1': 'bom1',
  'af-south-1': 'cpt1',
  eastus2: 'iad1',
  westus3: 'pdx1',
  gwc: 'fra1',
};

/** The region nearest to a database, by the cloud region in its host: `ep-x.eu-central-1.aws.neon.tech`. */
export function regionNear(databaseHost: string): string {
  const names = databaseHost.split('.').map((part) => part.replace(/^aws-\d+-/, ''));
  const name = names.find((part) => Object.hasOwn(regions, part));
  return (name === undefined ? undefined : regions[name]) ?? defaultRegion;
}
