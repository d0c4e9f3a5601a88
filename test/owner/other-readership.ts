/**
 * A second readership of the sample book, written from the task alone and never used for tuning: whole pages are missing,
 * and each reader has words of their own.
 */
import { readFileSync } from 'node:fs';

export type Question = { question: string; gap: string | null };

/** The page that is missing, by its path, and what is asked about it. */
export const missingPages: Readonly<Record<string, { page: string; questions: readonly string[] }>> = {
  'felt temperature': {
    page: '/docs/reading-the-numbers/felt-temperature',
    questions: [
      'How is the wind chill computed?',
      'What is the difference between heat index and humidex?',
      'felt temperature on the dashboard?',
      'From which temperature on does the wind chill make sense?',
      'Is the heat index valid in the shade only?',
      'Why does the forecast feel colder than my thermometer?',
      'Humidex formula, please',
      'Does the felt temperature know about sunshine?',
      'Which felt temperature do I show in summer?',
      'wind chill below zero with little wind, is it right?',
    ],
  },
  lora: {
    page: '/docs/extensions/lora',
    questions: [
      'How do I build a second station with LoRa?',
      'What range does LoRa reach in a village?',
      'lora packet format?',
      'Is the LoRa traffic encrypted?',
      'Which LoRa radio module should I order?',
      'Does LoRa need a licence where I live?',
      'How many bytes may one LoRa packet have?',
      'The LoRa receiver hears nothing behind the hill',
      'Could I replace the WiFi by LoRa entirely?',
      'Spreading factor for LoRa, which one do you recommend?',
    ],
  },
  'sharing data': {
    page: '/docs/share',
    questions: [
      'Which networks take readings from private stations?',
      'How can I share my readings with a weather network?',
      'Under which licence should I publish my readings?',
      'Uploading readings to a public weather network',
      'Does sharing readings reveal when I am at home?',
      'Can I share data with Weather Underground?',
      'What do I have to describe about my site when I share data?',
      'sharing data: privacy?',
      'Are there networks of amateurs that accept my data?',
      'I want to publish the data of my station, what licence?',
    ],
  },
  'moving the station': {
    page: '/docs/operation/moving',
    questions: [
      'We are moving house. What happens to my series?',
      'How long should both places overlap when I move the station?',
      'Moving the station to another garden: what do I note?',
      'Can I keep the name of the station after moving it?',
      'How do I pack the instruments for a move?',
      'I could not measure in parallel before moving the station',
      'Moving the mast ten metres, is that a new station?',
      'Overlap between the old and the new place, is it needed?',
      'What if there is no overlap after moving?',
      'Should a moved station get another name?',
    ],
  },
  'snow depth': {
    page: '/docs/extensions/snow',
    questions: [
      'How do I measure snow depth?',
      'Ultrasonic or laser for the snow depth?',
      'Where is the snow depth sensor mounted?',
      'How much water is in the snow?',
      'How do I tell fresh snow from old snow?',
      'snow depth sensor price',
      'Does grass below disturb the snow depth reading?',
      'Snow board, how large?',
      'My snow depth jumps by five centimetres at night',
      'Can I get the water content of snow from its depth?',
    ],
  },
  'sky camera': {
    page: '/docs/extensions/sky-camera',
    questions: [
      'I want to add a camera that looks at the sky',
      'How do I expose the sky camera at night?',
      'Which parts does the sky camera need?',
      'Dew on the dome of the sky camera, what helps?',
      'Can the sky camera estimate cloud cover?',
      'How many pictures of the sky are stored per day?',
      'sky camera lens?',
      'Is a fisheye needed for the sky camera?',
      'How long do you keep the pictures of the sky camera?',
      'The dome of my camera fogs up every morning',
    ],
  },
  soil: {
    page: '/docs/extensions/soil',
    questions: [
      'How deep do the soil probes go?',
      'Which soil moisture probe lasts longest?',
      'Converting volts of the soil probe to water content',
      'When should I water according to soil moisture?',
      'How deep does the frost go into the soil?',
      'soil temperature sensor, waterproof?',
      'Calibrating a soil moisture probe in a bucket',
      'Does salt in the soil disturb the moisture probe?',
      'Soil moisture shows 60 % after rain, is that right?',
      'How many soil probes can I connect?',
    ],
  },
  tools: {
    page: '/docs/hardware/tools',
    questions: [
      'Which tools do I need to build this?',
      'Which soldering iron do you use?',
      'Leaded or lead-free solder?',
      'How do I crimp the connectors?',
      'How is the sleep current measured?',
      'Do I need a crimping tool?',
      'What colours should the wires have?',
      'List of tools, please',
      'Can I measure the sleep current with a cheap multimeter?',
      'Soldering outdoors, which tools?',
    ],
  },
  enclosure: {
    page: '/docs/hardware/enclosure',
    questions: [
      'Water gets into my box. Where does it come from?',
      'Which size of cable gland fits?',
      'What is conformal coating for?',
      'Ants live in the box, how do I keep insects out?',
      'Should the box be white?',
      'Do I drill a hole in the bottom of the box?',
      'How do I spray the conformal coating?',
      'cable glands or a rubber grommet?',
      'Is an IP65 box good enough?',
      'Condensation inside the box in the morning',
    ],
  },
  alerts: {
    page: '/docs/software/alerts',
    questions: [
      'Can it send me an alert before frost?',
      'How are alerts sent to my phone?',
      'What deserves an alert?',
      'I get too many alerts at night',
      'How do I test the alerts?',
      'An alert when the battery is low, possible?',
      'Alert for wind above 60 km/h',
      'Do alerts repeat until I confirm them?',
      'Which service sends the alerts?',
      'Setting up alerts by e-mail',
    ],
  },
  'wind vane': {
    page: '/docs/extensions/wind-vane',
    questions: [
      'How do I add a wind vane?',
      'Magnetic vane or potentiometer vane?',
      'How do I align the wind vane to north?',
      'The wind vane swings wildly in gusts',
      'How is the direction of the vane read?',
      'wind vane averaging of directions across north',
      'Does the wind vane need damping?',
      'True north or magnetic north for the vane?',
      'Which pin reads the wind vane?',
      'Buying a wind vane: which kinds are there?',
    ],
  },
  'pressure tendency': {
    page: '/docs/reading-the-numbers/pressure',
    questions: [
      'What does a falling pressure mean?',
      'How fast does pressure fall before a storm?',
      'Why does the pressure rise and fall twice a day?',
      'Can I see a cold front in the pressure curve?',
      'Pressure tendency over three hours, how is it computed?',
      'pressure dropped 6 hPa, will it rain?',
      'What do the words on an old barometer dial mean?',
      'Is a high pressure always good weather?',
      'How do I read the pressure before a front?',
      'The daily tide in the pressure record, what is it?',
    ],
  },
};

/** Mulberry32, for the order. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

type SampleQuestion = { kind: string; question: string; relevant: readonly (string | readonly string[])[] };

/** 600 questions in the order of a seed: 120 about the gaps, others about what is there, some about nothing of it. */
export function otherReadership(isThere: (url: string) => boolean, seed: number): Question[] {
  const file = new URL('../../eval/weather-station.json', import.meta.url);
  const { questions } = JSON.parse(readFileSync(file, 'utf8')) as { questions: SampleQuestion[] };
  const missing = Object.entries(missingPages).flatMap(([gap, { questions: about }]) =>
    about.map((question) => ({ question, gap })),
  );
  const isAboutGap = (text: string): boolean =>
    /felt|chill|humidex|heat index|lora|\bshar|licen|snow|camera|soil|tool|solder|crimp|\bbox\b|alert|vane|pressure|moving/i.test(
      text,
    );
  const single = questions
    .filter(({ question, relevant }) => relevant.length === 0 && !isAboutGap(question))
    .map(({ question }) => ({ question, gap: null }));
  const answerable = questions.filter(
    ({ kind, relevant }) => kind === 'plain' && relevant.length > 0 && relevant.flat().every(isThere),
  );
  const ways = [
    (text: string) => text,
    (text: string) => `Hello! ${text}`,
    (text: string) => text.replace(/\?$/, ', do you know?'),
    (text: string) => text.toLowerCase().replace(/\?$/, ''),
    (text: string) => `${text} I could not find it.`,
  ];
  const rest = Array.from({ length: 600 - missing.length - single.length }, (_, at) => {
    const { question } = answerable[at % answerable.length]!;
    return { question: ways[Math.floor(at / answerable.length) % ways.length]!(question), gap: null };
  });
  return shuffled([...missing, ...single, ...rest], seed);
}
