const form = document.querySelector('#chat');

export const showAnswer = (text) => (form.querySelector('.answer').textContent += text);

export function showSource(href, text) {
  const link = document.createElement('a');
  link.href = href;
  link.textContent = text;
  const item = document.createElement('li');
  item.append(link);
  form.querySelector('.sources').append(item);
}

/** Calls `ask` with each question, and shows what it throws. */
export function onQuestion(ask) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask(new FormData(form).get('question')).catch((error) => {
      form.querySelector('.failure').textContent = String(error);
    });
  });
}
