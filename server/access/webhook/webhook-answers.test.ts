import { describe, expect, test } from '@jest/globals';
import { WebhookAnswers } from './webhook-answers.ts';

describe('answers that hold for a while', () => {
  test('are given again until then, and not after', async () => {
    let nowMs = 0;
    let asked = 0;
    const answers = new WebhookAnswers<number>({ now: () => nowMs });
    const ask = async () => ({ value: (asked += 1), seconds: 10 });
    expect(await answers.of('a', ask)).toEqual({ value: 1, untilMs: 10_000 });
    nowMs = 9_999;
    expect(await answers.of('a', ask)).toEqual({ value: 1, untilMs: 10_000 });
    nowMs = 10_000;
    expect(await answers.of('a', ask)).toEqual({ value: 2, untilMs: 20_000 });
  });

  test('do not fill the memory: the oldest is forgotten', async () => {
    const answers = new WebhookAnswers<string>({ now: () => 0, max: 3 });
    const asked: string[] = [];
    const of = (question: string) =>
      answers.of(question, async () => {
        asked.push(question);
        return { value: question, seconds: 1 };
      });
    for (const question of ['a', 'b', 'c', 'd', 'b', 'c', 'd', 'a']) await of(question);
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'a']);
  });

  test('an error is nobody’s answer', async () => {
    const answers = new WebhookAnswers<number>();
    const failing = async () => {
      throw new Error('no');
    };
    await expect(answers.of('a', failing)).rejects.toThrow('no');
    expect(await answers.of('a', async () => ({ value: 1, seconds: 1 }))).toMatchObject({
      value: 1,
    });
  });
});
