import { expect, test } from 'vitest';
import { localiseRefusal } from '../../../server/chat/localise-refusal.ts';

test.each([
  ['What is the best cake?', "I couldn't find relevant information in the book about that."],
  ['chocolate cake recipe', "I couldn't find relevant information in the book about that."],
  ['Wie backe ich einen Kuchen, und was ist das?', 'Dazu habe ich im Buch nichts Passendes gefunden.'],
  ['¿Cómo puedo hacer una tarta?', 'No encontré información relevante sobre eso en el libro.'],
  ['کیک کیسے بنائیں؟', 'مجھے کتاب میں اس بارے میں متعلقہ معلومات نہیں ملیں۔'],
  ['روبوٹ کی رفتار', 'مجھے کتاب میں اس بارے میں متعلقہ معلومات نہیں ملیں۔'],
  ['دیکھو یہاں کیک', 'مجھے کتاب میں اس بارے میں متعلقہ معلومات نہیں ملیں۔'],
  ['بهترین دستور پخت کیک چیست؟', 'در کتاب اطلاعات مرتبطی در این باره پیدا نکردم.'],
  ['ما هي أفضل كعكة؟', 'لم أجد في الكتاب معلومات ذات صلة بهذا.'],
  ['怎么做蛋糕？', '我在书中没有找到与此相关的信息。'],
])('%s', (question, refusal) => {
  expect(localiseRefusal(question)).toBe(refusal);
});
