/**
 * The words of a text as the search knows them. Made here, once for both databases, so that both find the same:
 * big and small letters are the same, accents are dropped, everything but letters and digits parts words. Scripts
 * that put no blanks between words are taken letter by letter.
 */
const WORD =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]]+/gv;

/** Letters; longer ones are cut, in texts as in questions. */
const MAX_WORD_LENGTH = 64;
/** Of one Asset. A film's captions have about 3,000 different words. */
const MAX_WORDS = 20_000;
/** Of one Asset, all together, in UTF-8: PostgreSQL's tsvector ends at 1 MB. */
const MAX_WORDS_BYTES = 1_000_000;
/** Of one question. */
const MAX_QUESTION_WORDS = 16;
const MAX_KEY_LENGTH = 200;

/** Letters that people type without their stroke, and that Unicode does not take apart. */
const STROKES: Record<string, string> = {
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ħ: 'h',
  æ: 'ae',
  œ: 'oe',
  ς: 'σ',
};

/** Without accents and in one case: by way of the capitals, which make `ss` of `ß`. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036F]/g, '')
    .replace(/[øđłħæœς]/g, (letter) => STROKES[letter] ?? letter)
    .normalize('NFC');
}

/** The different words of texts that come one after the other, as many as the search takes. */
export class WordCollection {
  readonly #words = new Set<string>();
  #bytes = 0;
  #isFull = false;

  /** Further ones are not taken any more. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get words(): string[] {
    return [...this.#words];
  }

  add(text: string): void {
    if (this.#isFull) return;
    for (const [whole] of fold(text).matchAll(WORD)) {
      this.#take(cut(whole, MAX_WORD_LENGTH));
      if (this.#isFull) return;
    }
  }

  #take(word: string): void {
    if (this.#words.has(word)) return;
    this.#bytes += Buffer.byteLength(word);
    this.#isFull = this.#bytes > MAX_WORDS_BYTES || this.#words.size === MAX_WORDS;
    if (!this.#isFull) this.#words.add(word);
  }
}

/** The different words of texts; of the first ones, where they are too many. */
export function wordsOf(...texts: readonly string[]): string[] {
  const collection = new WordCollection();
  for (const text of texts) collection.add(text);
  return collection.words;
}

/** What is looked for: the beginnings of words, all of which a text must have. */
export function questionWords(text: string): string[] {
  return wordsOf(text).slice(0, MAX_QUESTION_WORDS);
}

/** By which titles are sorted: numbers by their size. */
export function sortKey(title: string): string {
  const padded = fold(title.trim()).replace(/\d{1,12}/g, (digits) => digits.padStart(12, '0'));
  return cut(padded, MAX_KEY_LENGTH);
}

/** By which tags are compared. */
export function tagKey(label: string): string {
  return fold(label.trim().replace(/\s+/g, ' '));
}

/** By letters, none of which is cut in two. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : [...text].slice(0, length).join('');
}
