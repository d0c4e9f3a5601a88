import { describe, expect, it } from 'vitest';
import { detectInBundle, type ProjectVariable } from '../../../../wizard/frontend/proof/detect-in-bundle.ts';

const detect = (script: string, variables: readonly ProjectVariable[] = [], html = '') =>
  detectInBundle({
    page: { url: 'https://book.example/', html, scripts: [{ url: 'main.js', text: script }] },
    variables,
  });

describe('a deployed site without its source', () => {
  it('uses the variable that was left in its code, as the code uses it', () => {
    expect(detect('const a=process.env.REACT_APP_API_URL;fetch(a+"/chat",{})')).toEqual({
      variable: 'REACT_APP_API_URL',
      path: '/api',
    });
    expect(detect('fetch(`${process.env["BACKEND_URL"]}/api/chat`)')).toEqual({
      variable: 'BACKEND_URL',
      path: '',
    });
  });

  it('prefers the variable of the chat request to one of another request', () => {
    const script = 'fetch(process.env.STATS_API_URL+"/stats");fetch(process.env.CHAT_API_URL+"/chat")';
    expect(detect(script).variable).toBe('CHAT_API_URL');
    expect(detect('x(process.env.STATS_API_URL)').variable).toBe('STATS_API_URL');
  });

  it('never takes the name of a secret', () => {
    expect(detect('x(process.env.API_KEY,process.env.REACT_APP_CHAT_TOKEN)')).toEqual({
      variable: 'REACT_APP_API_BASE_URL',
      path: '',
    });
  });

  it('uses the variable whose value is in its pages, path included', () => {
    const variables = [
      { key: 'BACKEND_URL', value: 'https://old.hf.space/api' },
      { key: 'REACT_APP_API_URL', value: 'https://unused.example' },
    ];
    expect(detect('fetch("https://old.hf.space/api"+"/chat")', variables)).toEqual({
      variable: 'BACKEND_URL',
      path: '/api',
    });
    const inPage = detect('', variables, '<script>window.API="https://unused.example"</script>');
    expect(inPage).toEqual({ variable: 'REACT_APP_API_URL', path: '' });
  });

  it('uses the only variable with such a name', () => {
    const variables = [
      { key: 'CHATBOT_API_URL', value: null },
      { key: 'GEMINI_API_KEY', value: 'x' },
    ];
    expect(detect('x()', variables)).toEqual({ variable: 'CHATBOT_API_URL', path: '' });
  });

  it('falls back to the default where two are as likely', () => {
    const variables = [
      { key: 'BACKEND_URL', value: null },
      { key: 'CHAT_API_URL', value: null },
    ];
    expect(detect('x()', variables).variable).toBe('REACT_APP_API_BASE_URL');
  });
});
