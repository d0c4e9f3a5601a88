import { ask } from './ask.js';
import { onQuestion, showAnswer, showSource } from './form.js';

onQuestion(async (question) => {
  for await (const one of ask(question)) {
    if (one.type === 'token') showAnswer(one.content);
    if (one.type === 'done')
      for (const source of one.sources || [])
        showSource('/' + source.file.replace('.md', ''), source.heading);
  }
});
