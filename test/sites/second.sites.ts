import { describeSites } from './describe-sites.ts';
import { sampleSites } from './sample-sites.ts';

// Every other site: two files run at the same time.
describeSites(sampleSites.filter((_, at) => at % 2 === 1));
