import { EventEmitter as NodeEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { EventEmitter } from './small-events.ts';

/** What a listener is told, and what comes of it: the same of both. */
describe.each([
  ['ours', () => new EventEmitter()],
  ["Node's", () => new NodeEmitter()],
])('%s', (_name, make) => {
  test('calls in order, with what was said, and says whether anybody listened', () => {
    const emitter = make();
    const heard: unknown[] = [];
    emitter.on('a', (...said) => heard.push(['second', ...said]));
    emitter.prependListener('a', () => heard.push('first'));
    emitter.prependOnceListener('a', () => heard.push('once, before'));
    expect(emitter.emit('a', 1, 2)).toBe(true);
    expect(emitter.emit('a', 3)).toBe(true);
    expect(emitter.emit('b')).toBe(false);
    expect(heard).toEqual(['once, before', 'first', ['second', 1, 2], 'first', ['second', 3]]);
  });

  test('who listens once may go, come back, and emit while it is called', () => {
    const emitter = make();
    const heard: string[] = [];
    emitter.once('a', () => {
      heard.push('once');
      emitter.on('a', () => heard.push('later'));
      emitter.emit('a');
    });
    const gone = () => heard.push('gone');
    emitter.once('a', gone);
    emitter.off('a', gone);
    emitter.emit('a');
    expect(heard).toEqual(['once', 'later']);
    expect(emitter.listenerCount('a')).toBe(1);
    expect(emitter.listeners('a')).toHaveLength(1);
  });

  test('who is taken away meanwhile is called this once more; twice the same is two', () => {
    const emitter = make();
    let calls = 0;
    const count = () => {
      calls += 1;
    };
    emitter.on('a', () => emitter.removeAllListeners('a'));
    emitter.on('a', count).on('a', count);
    emitter.off('a', count);
    emitter.emit('a');
    emitter.emit('a');
    expect(calls).toBe(1);
    expect(emitter.listenerCount('a')).toBe(0);
  });

  test('an error that nobody hears is thrown, and so is what a listener throws', () => {
    const emitter = make();
    const wrong = new Error('wrong');
    expect(() => emitter.emit('error', wrong)).toThrow(/wrong/);
    emitter.on('a', () => {
      throw wrong;
    });
    expect(() => emitter.emit('a')).toThrow(wrong);
    emitter.removeAllListeners();
    expect(emitter.emit('a')).toBe(false);
  });
});
