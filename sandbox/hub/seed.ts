import type { Repository, Visibility } from './repository.ts';
import type { HubState } from './state.ts';

const text = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

/** Spaces that are there before anybody deploys: a static site, and Python servers that no longer start. */
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
  await oldServer(state, 'ana', 'public');
  await oldServer(state, 'ben', 'public');
  const hidden = await oldServer(state, 'ana', 'private');
  hidden.space.force('PAUSED');
}

/** The Python server that a book's author deployed by hand. */
async function oldServer(state: HubState, owner: string, visibility: Visibility): Promise<Repository> {
  const name = visibility === 'private' ? 'private-api' : 'book-api';
  const front = ['---', 'title: Book API', 'emoji: 📗', 'sdk: docker', 'app_port: 7860', '---'];
  const repository = await state.create({
    owner,
    name,
    sdk: 'docker',
    visibility,
    author: owner,
    files: new Map([
      ['README.md', text(...front, '', 'Answers questions about a book.')],
      ['Dockerfile', DOCKERFILE],
      ['requirements.txt', text('fastapi', 'uvicorn')],
      ['app/main.py', APP],
      ['docs/notes.md', text('# Notes', '', 'Questions readers asked last spring.')],
    ]),
  });
  repository.secrets.set('OPENAI_API_KEY', { value: 'of no use', updatedAt: '2025-11-02T09:14:07.000Z' });
  repository.space.force(
    'RUNTIME_ERROR',
    "Exit code: 1. Reason: ModuleNotFoundError: No module named 'app.retrieval'\n",
  );
  return repository;
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
