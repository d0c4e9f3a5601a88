/** What a vendor says about an account or about its own platform: no other key and no other run changes that. */
export type VendorCondition = { code: string; remedy: string };

type KnownCondition = VendorCondition & { says: RegExp };

/** The first that applies; `VENDOR` stands for the vendor's name. */
const conditions: readonly KnownCondition[] = [
  {
    code: 'rate-limited',
    says: /\b(?:hourly|daily|per hour|per day)\b[^.;]*\b(?:quotas?|limits?)\b|\b(?:quotas?|limits?)\b[^.;]*\b(?:hourly|daily|per hour|per day)\b/i,
    remedy: 'Wait as long as it says, then run again.',
  },
  {
    code: 'account-suspended',
    says: /\b(?:account|user|organi[sz]ation|team|project|consumer|space|namespace|billing)\b[^.;]*\b(?:suspended|banned|deactivated|locked|blocked|flagged|delinquent)\b|\b(?:suspended|banned|deactivated|blocked|flagged)\b[^.;]*\b(?:account|user|organi[sz]ation|team|project)\b/i,
    remedy:
      'Another key of the account does not help: look at its page and e-mail at VENDOR, and write to its support.',
  },
  {
    code: 'account-unfinished',
    says: /\b(?:verify|confirm|validate)\b[^.;]*\b(?:e-?mail|phone|account|identity)\b|\b(?:e-?mail|phone|account|identity)\b[^.;]*\bnot (?:yet )?(?:been )?(?:verified|confirmed|validated)\b/i,
    remedy: 'Finish the account on VENDOR’s page, as it says, then run again.',
  },
  {
    code: 'policy-refused',
    says: /terms of service|content policy|acceptable use|fair use|usage policy|\bviolat(?:es|ed|ion)|\babus(?:e|ive)\b|\btripped\b/i,
    remedy: 'It is a rule of VENDOR’s: read what its terms say about this, and write to its support.',
  },
  {
    code: 'quota-used-up',
    says: /\b(?:quota|storage|disk|credits?|allowance|usage|limit)\b[^.;]*\b(?:exceed(?:s|ed)?|reached|used up|depleted|exhausted|full)\b|\b(?:exceed(?:s|ed)?|reached|over|out of)\b[^.;]*\b(?:quota|storage|disk|credits?|allowance|limit)\b/i,
    remedy: 'Delete what is no longer needed there, or take a larger plan at VENDOR.',
  },
  {
    code: 'no-capacity',
    says: /scheduling failure|unable to schedule|\b(?:no|not enough|insufficient|out of|without)\b[^.;]*\b(?:capacity|hardware|resources|nodes?)\b|\bat capacity\b|\boverloaded\b|\bhigh demand\b/i,
    remedy: 'VENDOR has no room at the moment: its status page says more. Run again in an hour.',
  },
];

/** Whether a failure's code is that of a condition. */
export function isCondition(code: string): boolean {
  return conditions.some((condition) => condition.code === code);
}

/** What helps where a page answers in the vendor's place. */
export const refusedInBetween =
  'Something in between refuses, such as a company’s proxy, a firewall or a VPN: have its administrator let the host through, or use another network, then run again.';

/** Whether it is a page that says no: something in front of the vendor, whose API says it in JSON or in plain text. */
export function isRefusingPage(status: number, bodyText: string): boolean {
  return (status === 401 || status === 403) && /^\s*<(?:!doctype|html|head|body|title)\b/i.test(bodyText);
}

/** How long a vendor asks to wait, as it says it: `24 hours`; null where it does not. */
export function waitIn(sentence: string): string | null {
  const [, time] =
    /\b(?:in|for|after|within) (?:about |another |approximately )?(\d+ ?(?:second|minute|hour|day)s?)\b/i.exec(
      sentence,
    ) ?? [];
  return time ?? null;
}

/** A process that asked for more memory than its machine has is no condition of the account. */
const ownFault = /\b(?:memory|OOM|timed? ?out|rate|requests?|per (?:second|minute|hour))\b/i;

/** Which condition a vendor's sentence describes; null for any other sentence. */
export function vendorCondition(sentence: string, vendor: string): VendorCondition | null {
  const condition = conditions.find(({ says }) => says.test(sentence));
  // A quota of an hour is named like a rate.
  if (condition === undefined || (condition.code !== 'rate-limited' && ownFault.test(sentence))) return null;
  return { code: condition.code, remedy: condition.remedy.replaceAll('VENDOR', vendor) };
}
