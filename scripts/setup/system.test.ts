import { describe, expect, test } from '@jest/globals';
import { aptPercent, familyOf, installCommand, mayInstall, releaseOf } from './system.mjs';

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n';
const MINT = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n';

test.each([
  ['linux', DEBIAN, 'debian'],
  ['linux', 'ID=ubuntu\nID_LIKE=debian', 'ubuntu'],
  ['linux', MINT, 'ubuntu'],
  ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"', 'fedora'],
  ['linux', 'ID=arch', 'arch'],
  ['linux', 'ID=alpine', 'alpine'],
  ['linux', 'ID=nixos', 'other'],
  ['linux', '', 'other'],
  ['darwin', '', 'macos'],
  ['win32', '', 'other'],
])('the family of %s with %j is %s', (platform, osRelease, expected) => {
  expect(familyOf(platform, osRelease)).toBe(expected);
});

test.each([
  ['linux', DEBIAN, '6.1.0', 'debian12'],
  ['linux', 'ID=ubuntu\nVERSION_ID="24.04"', '6.8.0', 'ubuntu24.04'],
  ['linux', 'ID=arch', '6.8.0', 'arch'],
  ['linux', '', '6.8.0', 'unknown'],
  ['darwin', '', '25.1.0', '25'],
])('the release of %s with %j is named', (platform, osRelease, kernel, expected) => {
  expect(releaseOf(platform, osRelease, kernel)).toBe(expected);
});

describe('installCommand', () => {
  test('is complete: it may be pasted', () => {
    expect(installCommand('debian', 'ffmpeg')).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg',
    );
    expect(installCommand('fedora', 'worker')).toMatch(/^sudo dnf install -y gcc-c\+\+ /);
    expect(installCommand('macos', 'ffmpeg')).toBe('brew install ffmpeg');
  });

  test('is silent where the package does not serve, or is not known', () => {
    expect(installCommand('ubuntu', 'chromium')).toBeUndefined();
    expect(installCommand('other', 'ffmpeg')).toBeUndefined();
  });
});

test.each([
  ['debian', 0, true],
  ['ubuntu', 0, true],
  ['debian', 1000, false],
  ['fedora', 0, false],
  ['macos', 0, false],
  ['other', undefined, false],
] as const)('on %s user %s may install: %s', (family, uid, expected) => {
  expect(mayInstall(family, uid)).toBe(expected);
});

test.each([
  ['dlstatus:1:20.0:Retrieving file 1 of 10', 10],
  ['dlstatus:10:100:Retrieving', 50],
  ['pmstatus:dpkg-exec:0.0000:Running dpkg', 50],
  ['pmstatus:libx11-6:amd64:50.0:Unpacking libx11-6 (amd64)', undefined],
  ['pmstatus:libx11-6:50.0:Unpacking libx11-6 (amd64)', 75],
  ['Reading package lists...', undefined],
])('apt says %j: %s', (line, expected) => {
  expect(aptPercent(line)).toBe(expected);
});
