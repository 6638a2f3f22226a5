import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Catalogue } from '../../server/library/catalogue.ts';
import { SERVER } from '../../server/library/reader.ts';
import { type Database, openDatabase } from '../../server/store/database.ts';
import { inTransaction } from '../../server/store/dialect.ts';
import { ADMIN_TOKEN, startEmptyServer } from '../../test/support/going-live.ts';
import { type Figure, figure } from '../support/figure.ts';
import { InventedAssets } from './invented-assets.ts';

const ASSETS = 100_000;
const A_TRANSACTION = 2_000;
/** One in so many has captions. */
const CAPTIONED = 20;
const IN_COLLECTION = 10_000;
const ROUNDS = 15;

const OWNER = { id: 'bench', name: 'bench' };

/** (g) A page of 50 of 100,000 Assets, asked for over HTTP: from the request until its last byte has come. */
export async function benchLibrarySearch(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sfumato-bench-'));
  const invented = new InventedAssets();
  const db = await openDatabase({
    dataDir: folder,
    url: undefined,
    log: pino({ level: 'silent' }),
  });
  const { collection, middle } = await fill(db, invented);
  await db.destroy();
  const server = await startEmptyServer(folder);
  try {
    const figures: Figure[] = [];
    for (const [name, query, admin] of questions(invented, collection, middle)) {
      figures.push(await measure(name, `${server.url}/api/v1/assets?${query}`, admin));
    }
    return figures;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Question = [name: string, query: string, admin: boolean];

function questions(invented: InventedAssets, collection: string, middle: string): Question[] {
  const [frequent, usual, rare] = [invented.word(0), invented.word(300), invented.word(19_000)];
  return [
    ['newest', '', true],
    ['newest, for a stranger', '', false],
    ['newest, from the middle on', `cursor=${middle}`, true],
    ['by title', 'sort=title', true],
    ['longest audio, for a stranger', 'sort=longest&kind=audio', false],
    ['a tag', `tag=${usual.slice(0, 4)}`, true],
    ['two tags, by title', `tag=${frequent}&tag=${invented.word(1)}&sort=title`, true],
    ['ready, by title', 'state=ready&sort=title', true],
    ['of one owner, longest', 'owner=bench&sort=longest', true],
    ['a collection of 10,000', `collection=${collection}`, true],
    ['a collection of 10,000, by title', `collection=${collection}&sort=title`, true],
    ['a word in a collection of 10,000', `collection=${collection}&text=${frequent}`, true],
    ['a frequent word', `text=${frequent}`, true],
    ['a frequent word, few others', `text=${frequent}&state=refused&sort=title`, true],
    ['a frequent word, by title', `text=${frequent}&sort=title`, true],
    ['a frequent word, longest, for a stranger', `text=${frequent}&sort=longest`, false],
    ['one letter', 'text=b', true],
    ['one letter, by title', 'text=b&sort=title', true],
    ['a usual word', `text=${usual}`, false],
    ['a usual and a frequent word, a kind', `text=${usual}+${frequent}&kind=video`, true],
    ['a rare word', `text=${rare}`, true],
    ['a word that there is not', 'text=xyz', true],
  ];
}

async function measure(name: string, url: string, admin: boolean): Promise<Figure> {
  const headers = admin ? { authorization: `Bearer ${ADMIN_TOKEN}` } : undefined;
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedMs = performance.now();
    const response = await fetch(url, { ...(headers && { headers }) });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    times.push(performance.now() - startedMs);
  }
  const target = { plus: 50, says: '50 ms' };
  return figure({ name: `library: ${name}`, unit: 'ms', ours: times.slice(1), target });
}

/** @returns the collection, and the cursor of a page in the middle */
async function fill(db: Database, invented: InventedAssets) {
  const catalogue = new Catalogue({ db, log: pino({ level: 'silent' }) });
  const ids: string[] = [];
  while (ids.length < ASSETS) {
    await inTransaction(db, async (trx) => {
      for (let count = 0; count < A_TRANSACTION; count += 1) {
        const { id } = await catalogue.assets.create(invented.next(), OWNER, trx);
        if (ids.push(id) % CAPTIONED === 0) {
          await catalogue.assets.setCaptions(id, invented.captions(), trx);
        }
      }
    });
  }
  const { id: collection } = await catalogue.collections.create({ title: 'c' }, OWNER, SERVER);
  const chosen = ids.filter((_, index) => index % (ASSETS / IN_COLLECTION) === 0);
  for (let index = 0; index < chosen.length; index += 500) {
    const assetIds = chosen.slice(index, index + 500);
    await catalogue.collections.putItems(collection, { assetIds, before: null }, SERVER);
  }
  return { collection, middle: await middleOf(db) };
}

/** The order `newest` goes by what counts the Assets. */
async function middleOf(db: Database): Promise<string> {
  const query = db
    .selectFrom('assets')
    .select('seq')
    .orderBy('seq')
    .offset(ASSETS / 2)
    .limit(1);
  const { seq } = await query.executeTakeFirstOrThrow();
  return Buffer.from(JSON.stringify({ sort: 'newest', after: [seq] })).toString('base64url');
}
