/** Answers as a model writes them from the book: nothing of them may be taken away. */
import type { Random } from '../properties/random.ts';

/** What the book's passages hold besides their text. */
export type BookAddresses = { site: string; page: string; mentioned: string; mail: string };

const sentences: ((book: BookAddresses) => string)[] = [
  () => 'The sensor is mounted two metres above the ground [Source 1].',
  ({ page }) => `Read [the page on mounting](${page}) first.`,
  ({ site, page }) => `Read [the page on mounting](${site}${page}), too.`,
  ({ site, page }) => `It is described at ${site}${page}.`,
  ({ mentioned }) => `The manual is at ${mentioned}, as the book says.`,
  ({ mentioned }) => `See [the manual](${mentioned} "Manual").`,
  ({ mentioned }) => `See <${mentioned}> for more.`,
  ({ mail }) => `Write to ${mail} when it breaks.`,
  () => 'Run `curl http://localhost:8000/readings?last=1` and look at **the first line**.',
  () =>
    '```js\nconst url = "http://127.0.0.1:8000/a";\nif (a < b && c > d) list[i](x + 1); // a comment\n```',
  () => 'Run `curl http://localhost:8000`; it also answers at http://localhost:8000/a,b;c=1 then.',
  () =>
    '```js\nawait fetch("http://localhost:8000");\nfetch(\'http://127.0.0.1:3000\').then((r) => r.json());\n```',
  () => '```json\n{"url":"http://localhost:8000","b":1,"c":"http://localhost"}\n```',
  () => '```html\n<a href="http://localhost:3000">\n<script src="http://localhost:5173/@vite/client">\n```',
  () => '~~~sh\nexport API=http://0.0.0.0:80;npm start\n~~~',
  () => 'Use ``http://localhost`` here.',
  () => '```bash\nssh pi@weather.local && tail -f /var/log/syslog\n```',
  () => 'Use `std::vector<std::string>`, `List<String>` or `Map<String, List<Integer>>`.',
  () => 'A value `x` is good if a < b and b > c, or if x <= 3.',
  () => 'It costs 5 & more; R&D and Q&A are in chapter 4: see there.',
  () => '| Part | Pin |\n|---|---|\n| SDA | 2 |\n| SCL | 3 |',
  () => '1. Loosen the screw.\n2. Turn it by 90°.\n   - gently!\n3. Tighten it.',
  () => '> It is done [Source 2].\n\nThat is all.',
  () => 'The file `C:\\Users\\ana\\data.csv` and the folder ~/data/raw_2024 hold them.',
  () => 'Both km/h and m/s work; and/or either / or; 10:30, 16:9, a:b; e.g. this one.',
  () => 'The array is `[1, 2, 3]`, and values[0] is its first; values[i](x + 1) is a call.',
  () => 'Attention: keep it dry! Really? Yes, as of v2.1.0 (build 17).',
  () => '温度传感器安装在两米高处。距离地面：2 米（约 6.6 英尺）。',
  () => 'Der Fühler hängt in 2 m Höhe, „gut belüftet“ – so das Buch.',
  () => 'مقياس الحرارة على ارتفاع مترين.',
  () => 'The topic /weather/wind and package://station/model.urdf belong together.',
  () => 'Solve $E = mc^2$ and a_1 * b_2 ~ 3; 2 ** 3 is 8; #1 of 5.',
  () => 'An e-mail, the www, http and https are words, and so is "//" in C.',
  () => '- [ ] to do\n- [x] done',
  () => '## Mounting\n\nTwo screws *at least*, __never__ one.',
  () => 'Ends with a quotation: "Keep it level" (page 12).',
];

export function randomLegitimateAnswer(random: Random, book: BookAddresses): string {
  const count = 1 + random.below(5);
  return Array.from({ length: count }, () => random.pick(sentences)(book)).join('\n\n');
}
