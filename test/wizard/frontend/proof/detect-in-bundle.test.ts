import { describe, expect, it } from 'vitest';
import { detectInBundle, type ProjectVariable } from '../../../../wizard/frontend/proof/detect-in-bundle.ts';

const found = (script: string, variables: readonly ProjectVariable[] = [], html = '') =>
  detectInBundle({
    page: { url: 'https://book.example/', html, scripts: [{ url: 'main.js', text: script }] },
    variables,
  });

describe('a deployed site without its source', () => {
  it('names the variable that was left in its code, and how the code uses it', () => {
    expect(found('const a=process.env.REACT_APP_API_URL;fetch(a+"/chat",{})')).toMatchObject({
      variable: 'REACT_APP_API_URL',
      meaning: { path: '/api', isSure: true },
      why: 'main.js still says process.env.REACT_APP_API_URL',
      isSure: true,
    });
    expect(found('fetch(`${process.env["BACKEND_URL"]}/api/chat`)')).toMatchObject({
      variable: 'BACKEND_URL',
      meaning: { path: '' },
    });
  });

  it('never takes the name of a key for one', () => {
    expect(found('x(process.env.API_KEY,process.env.REACT_APP_CHAT_TOKEN)').isSure).toBe(false);
  });

  it('goes by the one whose value stands in its pages, path and all', () => {
    const variables = [
      { key: 'BACKEND_URL', value: 'https://old.hf.space/api' },
      { key: 'REACT_APP_API_URL', value: 'https://unused.example' },
    ];
    expect(found('fetch("https://old.hf.space/api"+"/chat")', variables)).toMatchObject({
      variable: 'BACKEND_URL',
      meaning: { path: '/api', isSure: true },
      why: 'the value of BACKEND_URL stands in its pages',
    });
    const inPage = found('', variables, '<script>window.API="https://unused.example"</script>');
    expect(inPage).toMatchObject({ variable: 'REACT_APP_API_URL', meaning: { path: '' } });
  });

  it('takes the only one of its kind, and says that it is not sure', () => {
    const variables = [
      { key: 'CHATBOT_API_URL', value: null },
      { key: 'GEMINI_API_KEY', value: 'x' },
    ];
    expect(found('x()', variables)).toMatchObject({
      variable: 'CHATBOT_API_URL',
      meaning: { path: '', isSure: false },
      why: 'CHATBOT_API_URL is the project’s only variable of that kind',
      isSure: false,
    });
  });

  it('falls back to the usual one where two are as likely', () => {
    const variables = [
      { key: 'BACKEND_URL', value: null },
      { key: 'CHAT_API_URL', value: null },
    ];
    expect(found('x()', variables)).toMatchObject({ variable: 'REACT_APP_API_BASE_URL', isSure: false });
  });
});
