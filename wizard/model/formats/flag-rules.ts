/** What flags of several commands accept. */
export const period = {
  isValid: (value: string) => /^[1-9]\d{0,4}d$/.test(value),
  wants: 'a number of days, for example 30d',
};

export const webAddress = {
  isValid: (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  wants: 'an address that begins with https://',
};
