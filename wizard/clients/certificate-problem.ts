/** Why a host's certificate is not accepted; the key of a vendor or a database plays no part in it. */
export type CertificateProblem = { code: string; means: string; remedy: string };

const problems: readonly (CertificateProblem & { codes: RegExp })[] = [
  {
    codes: /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    code: 'certificate-date',
    means: 'its certificate has expired or is not valid yet',
    remedy: 'Check this computer’s clock first; if it is right, the certificate’s owner has to renew it.',
  },
  {
    codes: /ALTNAME|HOSTNAME_MISMATCH/,
    code: 'certificate-of-another-host',
    means: 'its certificate is another host’s',
    remedy:
      'Check the host’s name, and whether a proxy or a sign-in page of the network answers in its place.',
  },
  {
    codes: /SELF_SIGNED|UNABLE_TO_|^CERT_/,
    code: 'unknown-authority',
    means: 'its certificate is from an authority that Node does not know',
    remedy:
      'Behind a company’s proxy: put its authority’s certificate into a file and set NODE_EXTRA_CA_CERTS to that file’s path.',
  },
];

/** The problem behind an OpenSSL or Node code; null for any other code. */
export function certificateProblem(code: string): CertificateProblem | null {
  return problems.find(({ codes }) => codes.test(code)) ?? null;
}

/** The first code in an error's chain of causes, or in the errors of several addresses that were tried; '' without. */
export function errorCode(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code: unknown = Reflect.get(cause, 'code');
    if (typeof code === 'string') return code;
    if (cause instanceof AggregateError && cause.errors.length > 0) return errorCode(cause.errors[0]);
  }
  return '';
}
