/** Every fault that the sandbox can produce: each vendor, each kind of fault, each control. */
import type { Fault } from '../../../sandbox/exchange/faults.ts';
import type { Vendors } from '../vendors.ts';

export type SweptFault = {
  name: string;
  set(vendors: Vendors): Promise<void> | void;
  /** Settings that are invalid from the start. */
  settings?: Record<string, string>;
  /** Also swept by `npm test`; the others by `npm run test:sweep`. */
  quick?: boolean;
};

/** Part of every faulty response; none of our answers may repeat it. */
export const vendorWords = 'VENDOR-WORDS postgres://ana:s3cr3t@db.internal/neondb';

const bodies: Readonly<Record<'gemini' | 'qdrant', (status: number) => string>> = {
  gemini: (code) =>
    JSON.stringify({ error: { code, message: vendorWords, status: vendorWords, details: [] } }),
  qdrant: () => JSON.stringify({ status: { error: vendorWords }, time: 0 }),
};

type Kind = Fault['kind'];
const elsewhere = { location: 'http://127.0.0.1:1/elsewhere' };

const kindsOf = (vendor: 'gemini' | 'qdrant'): [string, Kind][] => [
  ...[400, 401, 403, 404, 409, 413, 429, 500, 502, 503].map((status): [string, Kind] => [
    `${status}`,
    { type: 'status', status, body: bodies[vendor](status) },
  ]),
  [
    '503 in plain text',
    { type: 'status', status: 503, body: `${vendorWords}\n    at handler (/srv/app.js:1:2)` },
  ],
  ['a redirect', { type: 'status', status: 307, headers: elsewhere, body: vendorWords }],
  ['an empty object', { type: 'status', status: 200, body: '{}' }],
  ['null', { type: 'status', status: 200, body: 'null' }],
  ['a result that is none', { type: 'status', status: 200, body: JSON.stringify({ result: vendorWords }) }],
  ['cut', { type: 'cut' }],
  ['half an answer', { type: 'half' }],
  ['a page in place of JSON', { type: 'rubbish' }],
  ['slow', { type: 'wait', ms: 3_000 }],
];

/** One fault per way to fail: a status with the vendor's text, a body that is not JSON, a truncated response. */
const quickKinds = new Set([
  'gemini 403',
  'gemini 503 in plain text',
  'gemini a redirect',
  'gemini half an answer',
  'qdrant 400',
  'qdrant 500',
  'qdrant a page in place of JSON',
]);

const answered = (['gemini', 'qdrant'] as const).flatMap((vendor) =>
  kindsOf(vendor).map(([kind, fault]): SweptFault => {
    const name = `${vendor} ${kind}`;
    const set = ({ faults }: Vendors): void => faults.add({ call: `${vendor}.*`, kind: fault });
    return { name, set, quick: quickKinds.has(name) };
  }),
);

const endings = [
  'error-chunk',
  'raw-error-chunk',
  'cut',
  'safety',
  'recitation',
  'max-tokens',
  'blocked',
  'rubbish',
];

const scripts = endings.map((ending): SweptFault => ({
  name: `gemini's stream ends by ${ending}`,
  set: ({ gemini }) => gemini.controls['script']!({ pieces: ['A lidar ', 'measures '], ending, times: 9 }),
  quick: ending === 'raw-error-chunk',
}));

const knob = (name: string, set: SweptFault['set'], quick = false): SweptFault => ({ name, set, quick });
const gemini = (key: string, value: unknown) =>
  knob(`gemini's ${key} is ${JSON.stringify(value)}`, (vendors) => vendors.gemini.controls[key]!(value));
const qdrant = (key: string, value: unknown) =>
  knob(`qdrant's ${key} is ${String(value)}`, (vendors) => vendors.qdrant.controls[key]!(value));

const controlFaults: SweptFault[] = [
  gemini('key', 'expired'),
  gemini('key', 'not-found'),
  gemini('quota', { per: 'Day', left: 0 }),
  gemini('quota', { per: 'Minute', left: 0 }),
  gemini('embedQuota', { per: 'Day', left: 0 }),
  gemini('overloaded', 99),
  gemini('gone', ['gemini-flash-latest', 'gemini-embedding-2']),
  qdrant('suspended', true),
  qdrant('ready', false),
  qdrant('strict', true),
  knob('postgres is stopped', ({ postgres }) => postgres.stop(), true),
  knob(
    'postgres closes each connection',
    ({ postgres }) => {
      postgres.proxy.transports.tcp = 'shut';
      postgres.proxy.sessions.suspend(0);
    },
    true,
  ),
  knob('postgres is silent', ({ postgres }) => {
    postgres.proxy.transports.tcp = 'silent';
    postgres.proxy.sessions.suspend(0);
  }),
  knob('postgres cuts new connections', ({ postgres, faults }) => {
    faults.add({ call: 'postgres.connect', kind: { type: 'cut' } });
    postgres.proxy.sessions.suspend(0);
  }),
  knob('postgres is slow', ({ postgres, faults }) => {
    faults.add({ call: 'postgres.connect', kind: { type: 'wait', ms: 3_000 } });
    postgres.proxy.sessions.suspend(0);
  }),
  knob('postgres was suspended', ({ postgres }) => postgres.proxy.sessions.suspend(1_500)),
];

const wrong = (name: string, settings: Record<string, string>, quick = false): SweptFault => ({
  name,
  settings,
  set: () => undefined,
  quick,
});

const settings: SweptFault[] = [
  wrong('the key of gemini is wrong', { GEMINI_API_KEY: 'AIzaSyWrongWrongWrongWrongWrongWrong123' }, true),
  wrong('the key of qdrant is wrong', { QDRANT_API_KEY: 'wrong-qdrant-key-0123456789' }, true),
  wrong('qdrant is nowhere', { QDRANT_URL: 'http://127.0.0.1:1' }),
  wrong('gemini is nowhere', { GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1' }),
  wrong(
    'postgres is nowhere',
    { DATABASE_URL: 'postgresql://ana:wrong-p%40ss-word@127.0.0.1:1/neondb?sslmode=disable' },
    true,
  ),
];

export const sweptFaults: readonly SweptFault[] = [...answered, ...scripts, ...controlFaults, ...settings];

/** Removes every fault. */
export async function lift({ faults, gemini: model, qdrant: store, postgres }: Vendors): Promise<void> {
  faults.clear();
  for (const key of ['script', 'quota', 'embedQuota']) model.controls[key]!(null);
  model.controls['key']!('valid');
  model.controls['overloaded']!(0);
  model.controls['gone']!([]);
  store.controls['suspended']!(false);
  store.controls['ready']!(true);
  store.controls['strict']!(false);
  postgres.proxy.transports.tcp = 'open';
  if (!postgres.up()) await postgres.start();
}
