import type { Repository, Visibility } from './repositories/repository.ts';
import type { HubState } from './state.ts';

const fileOf = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

/** Creates the sample Spaces: a static site, and Python servers that no longer start. */
export async function seedSpaces(state: HubState): Promise<void> {
  await state.create({
    owner: 'ana',
    name: 'static-site',
    sdk: 'static',
    visibility: 'public',
    author: 'ana',
    files: new Map([
      ['README.md', fileOf('---', 'title: Static Site', 'sdk: static', '---', '', 'Books to read next.')],
      ['index.html', fileOf('<!doctype html>', '<title>Reading list</title>', '<h1>Reading list</h1>')],
    ]),
  });
  await createOldServer(state, 'ana', 'public');
  await createOldServer(state, 'ben', 'public');
  const hidden = await createOldServer(state, 'ana', 'private');
  hidden.space.force('PAUSED');
}

/** A Python server that a book's author deployed by hand. */
async function createOldServer(state: HubState, owner: string, visibility: Visibility): Promise<Repository> {
  const name = visibility === 'private' ? 'private-api' : 'book-api';
  const front = ['---', 'title: Book API', 'emoji: 📗', 'sdk: docker', 'app_port: 7860', '---'];
  const repository = await state.create({
    owner,
    name,
    sdk: 'docker',
    visibility,
    author: owner,
    files: new Map([
      ['README.md', fileOf(...front, '', 'Answers questions about a book.')],
      ['Dockerfile', DOCKERFILE],
      ['requirements.txt', fileOf('fastapi', 'uvicorn')],
      ['app/main.py', APP],
      ['docs/notes.md', fileOf('# Notes', '', 'Questions readers asked last spring.')],
    ]),
  });
  repository.secrets.set('OPENAI_API_KEY', { value: 'of no use', updatedAt: '2025-11-02T09:14:07.000Z' });
  repository.space.force(
    'RUNTIME_ERROR',
    "Exit code: 1. Reason: ModuleNotFoundError: No module named 'app.retrieval'\n",
  );
  return repository;
}

const DOCKERFILE = fileOf(
  'FROM python:3.12-slim',
  'WORKDIR /code',
  'COPY requirements.txt .',
  'RUN pip install -r requirements.txt',
  'COPY app ./app',
  'USER 1000',
  'EXPOSE 7860',
  'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "7860"]',
);

const APP = fileOf(
  'from fastapi import FastAPI',
  '',
  'app = FastAPI()',
  '',
  '',
  '@app.get("/")',
  'def home():',
  '    return {"service": "book api"}',
);
