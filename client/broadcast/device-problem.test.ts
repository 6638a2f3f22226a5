import { describe, expect, test } from '@jest/globals';
import { explainFailure, explainMissingDevices } from './device-problem.ts';

describe('explainFailure', () => {
  test.each([
    ['camera', 'NotAllowedError', /let this page use the camera/, /allow the camera/],
    ['microphone', 'NotAllowedError', /let this page use the microphone/, /privacy settings/],
    ['screen', 'NotAllowedError', /Nothing was chosen/, /again/],
    ['camera', 'NotFoundError', /No camera/, /Plug one in/],
    ['camera', 'DevicesNotFoundError', /No camera/, /Plug one in/],
    ['camera', 'NotReadableError', /does not answer/, /Another program/],
    ['microphone', 'AbortError', /does not answer/, /Another program/],
    ['camera', 'SecurityError', /may not use/, /rule/],
    ['camera', 'Whatever', /could not be started \(Whatever\)/, /another browser/],
  ] as const)('%s %s', (kind, name, title, wayOut) => {
    const problem = explainFailure({ kind, name });
    expect(problem.title).toMatch(title);
    expect(problem.wayOut).toMatch(wayOut);
  });

  test('names the wish that could not be met', () => {
    const failure = { kind: 'camera', name: 'OverconstrainedError', constraint: 'width' } as const;
    expect(explainFailure(failure).title).toContain('(width)');
  });
});

describe('explainMissingDevices', () => {
  const facts = {
    secure: true,
    hasMediaDevices: true,
    pageUrl: 'http://box.lan:8080/broadcast/one',
  };

  test('a secure page with devices has nothing to explain', () => {
    expect(explainMissingDevices(facts)).toBeNull();
  });

  test('a plain page is led to HTTPS', () => {
    expect(explainMissingDevices({ ...facts, secure: false, hasMediaDevices: false })?.href).toBe(
      'https://box.lan:8443/broadcast/one',
    );
  });

  test('a browser without devices', () => {
    expect(explainMissingDevices({ ...facts, hasMediaDevices: false })?.wayOut).toMatch(/Firefox/);
  });
});
