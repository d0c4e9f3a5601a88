import type { HubState } from './state.ts';

const text = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

/** Spaces that are there before anybody deploys: a static site, and a Python server that no longer starts. */
export async function seed(state: HubState): Promise<void> {
  await state.create({
    owner: 'ana',
    name: 'static-site',
    sdk: 'static',
    visibility: 'public',
    author: 'ana',
    files: new Map([
      ['README.md', text('---', 'title: Static Site', 'sdk: static', '---', '', 'Books to read next.')],
      ['index.html', text('<!doctype html>', '<title>Reading list</title>', '<h1>Reading list</h1>')],
    ]),
  });
  const book = await state.create({
    owner: 'ana',
    name: 'book-api',
    sdk: 'docker',
    visibility: 'public',
    author: 'ana',
    files: new Map([
      [
        'README.md',
        text(
          '---',
          'title: Book API',
          'emoji: 📗',
          'sdk: docker',
          'app_port: 7860',
          '---',
          '',
          "Answers questions about Ana's book.",
        ),
      ],
      ['Dockerfile', DOCKERFILE],
      ['requirements.txt', text('fastapi', 'uvicorn')],
      ['app/main.py', APP],
      ['docs/notes.md', text('# Notes', '', 'Questions readers asked last spring.')],
    ]),
  });
  book.secrets.set('OPENAI_API_KEY', { value: 'not-used-any-more', updatedAt: '2025-11-02T09:14:07.000Z' });
  book.space.found(
    'RUNTIME_ERROR',
    "Exit code: 1. Reason: ModuleNotFoundError: No module named 'app.retrieval'\n",
  );
}

const DOCKERFILE = text(
  'FROM python:3.12-slim',
  'WORKDIR /code',
  'COPY requirements.txt .',
  'RUN pip install -r requirements.txt',
  'COPY app ./app',
  'USER 1000',
  'EXPOSE 7860',
  'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "7860"]',
);

const APP = text(
  'from fastapi import FastAPI',
  '',
  'app = FastAPI()',
  '',
  '',
  '@app.get("/")',
  'def home():',
  '    return {"service": "book api"}',
);
