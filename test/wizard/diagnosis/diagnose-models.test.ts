import { describe, expect, it } from 'vitest';
import { diagnoseModels } from '../../../wizard/diagnosis/diagnose-models.ts';
import type { Credentials } from '../../../wizard/model/credential.ts';
import { Secret } from '../../../wizard/model/secret.ts';

describe('a Gemini key', () => {
  const preferences = {
    answerModel: 'gemini-flash-latest',
    embeddingModel: 'gemini-embedding-2',
    collection: 'book',
    clusterUse: 'read' as const,
  };
  const gemini = (embeddingModel: string): Credentials['gemini'] => ({
    key: new Secret('AQ.of-no-account-at-all'),
    baseUrl: '',
    answerModel: 'gemini-flash-latest',
    embeddingModel,
    dimensions: 768,
  });
  it('that opens what the server is set to has no finding', () =>
    expect(diagnoseModels(gemini('gemini-embedding-2'), preferences)).toEqual([]));
  it('that does not is reported with the model', () => {
    const [finding, ...more] = diagnoseModels(gemini('gemini-embedding-001'), preferences);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'model-not-open' });
    expect(finding?.message).toContain('gemini-embedding-2');
  });
});
