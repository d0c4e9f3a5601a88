import { ask } from './ask.js';

const form = document.querySelector('#chat');
const show = (name, text) => (form.querySelector('.' + name).textContent += text);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    for await (const one of ask(new FormData(form).get('question'))) {
      if (one.type === 'token') show('answer', one.content);
      if (one.type !== 'done') continue;
      for (const source of one.sources || []) {
        const item = document.createElement('li');
        item.textContent = source.heading;
        form.querySelector('.sources').append(item);
      }
    }
  } catch (error) {
    show('failure', String(error));
  }
});
