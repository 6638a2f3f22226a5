/**
 * The last step of a test run: no secret that a test has used may be anywhere in what was logged, in the
 * addresses that browsers asked for, or in command lines. `test/support/run-record.ts` writes what is read here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * @typedef {object} Finding
 * @property {string} name of the secret
 * @property {string} file
 * @property {number} line counted from 1
 */

/**
 * @typedef {object} Secret
 * @property {string} name
 * @property {boolean} inAddresses it may stand in what browsers asked for, and nowhere else
 */

/**
 * @param {string} folder of the run
 * @returns {{ secrets: number, lines: number, findings: Finding[] }}
 */
export function secretsInLogs(folder) {
  const secrets = readSecrets(folder);
  /** @type {Finding[]} */
  const findings = [];
  let lines = 0;
  for (const file of filesOf(folder, 'logs')) {
    const texts = readFileSync(file, 'utf8').split('\n');
    lines += texts.length - 1;
    findings.push(...findingsIn(texts, secrets, file));
  }
  return { secrets: secrets.size, lines, findings };
}

/**
 * Prints what was found, by name and place.
 * @param {string} folder
 * @param {boolean} whole whether every test has run: then there must be something to look at
 * @returns {{ passed: number, failed: number }}
 */
export function checkSecrets(folder, whole) {
  const { secrets, lines, findings } = secretsInLogs(folder);
  if (secrets === 0 && !whole) return { passed: 0, failed: 0 };
  const failed = findings.length > 0 || secrets === 0 || lines === 0;
  console.log(`${failed ? '✗' : '✓'} none of ${secrets} secrets in ${lines} lines of the log`);
  for (const { name, file, line } of findings) console.log(`  ${name}: ${file}:${line}`);
  return failed ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 };
}

/**
 * @param {string[]} texts
 * @param {Map<string, Secret>} secrets
 * @param {string} file
 * @returns {Finding[]} the first place of each secret
 */
function findingsIn(texts, secrets, file) {
  const whole = texts.join('\n');
  const isOfAddresses = basename(file).startsWith('urls-');
  return [...secrets]
    .filter(([value, { inAddresses }]) => whole.includes(value) && !(inAddresses && isOfAddresses))
    .map(([value, { name }]) => ({
      name,
      file,
      line: texts.findIndex((text) => text.includes(value)) + 1,
    }));
}

/**
 * @param {string} folder
 * @returns {Map<string, Secret>} by value, also as it stands in an address
 */
function readSecrets(folder) {
  /** @type {Map<string, Secret>} */
  const secrets = new Map();
  for (const file of filesOf(folder, 'secrets')) {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { name, value, inAddresses = false } = JSON.parse(line);
      for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) {
        secrets.set(form, { name, inAddresses });
      }
    }
  }
  return secrets;
}

/**
 * @param {string} folder
 * @param {string} kind
 */
function filesOf(folder, kind) {
  const path = join(folder, kind);
  return existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : [];
}
