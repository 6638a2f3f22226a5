/**
 * Downloads one program: `node download.mjs URL FILE`. A `.gz` is unpacked, a `.tgz` must hold one file.
 * Runs as a process of its own under the Node that honours HTTPS_PROXY, and says `progress N` as it goes.
 * Gives up soon: whoever cannot reach the place has another way.
 */
import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { onlyFileOfTar } from './tar.mjs';

const ANSWER_MS = 8000;
const SILENCE_MS = 15_000;

const [url = '', file = ''] = process.argv.slice(2);
const gate = new AbortController();
let timer = setTimeout(() => gate.abort(), ANSWER_MS);

try {
  const packed = await download();
  const bytes = gunzipSync(packed);
  writeFileSync(file, url.endsWith('.tgz') ? onlyFileOfTar(bytes) : bytes, { mode: 0o755 });
} catch (error) {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  console.log(`${url}: ${gate.signal.aborted ? 'no answer in time' : String(reason)}`);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
}

async function download() {
  const response = await fetch(url, { signal: gate.signal });
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks = [];
  let received = 0;
  for await (const chunk of response.body) {
    clearTimeout(timer);
    timer = setTimeout(() => gate.abort(), SILENCE_MS);
    chunks.push(chunk);
    received += chunk.length;
    if (total) console.log(`progress ${Math.floor((100 * received) / total)}`);
  }
  return Buffer.concat(chunks);
}
