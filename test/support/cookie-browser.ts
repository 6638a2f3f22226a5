export interface Page {
  /** Of the answer that was not sent on. */
  url: URL;
  status: number;
  text: string;
  headers: Headers;
}

const MOST_HOPS = 20;

/** What a browser does with links, forms and cookies, and nothing else. Cookies go by origin. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Follows redirects as a browser does. @param stop at an answer that leads here, without going there */
  async open(
    address: string | URL,
    {
      form,
      stop = () => false,
    }: { form?: Record<string, string>; stop?: (to: URL) => boolean } = {},
  ): Promise<Page> {
    let url = new URL(address);
    let body = form;
    for (let hop = 0; hop < MOST_HOPS; hop += 1) {
      const page = await this.#ask(url, body);
      const location = page.headers.get('Location');
      if (location === null) return page;
      const next = new URL(location, url);
      if (stop(next)) return { ...page, url: next };
      [url, body] = [next, undefined];
    }
    throw new Error(`too many redirects, at last to ${url.origin}${url.pathname}`);
  }

  cookie(origin: string): string {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #ask(url: URL, form: Record<string, string> | undefined): Promise<Page> {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.cookie(url.origin), 'user-agent': 'A browser of the tests' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    this.#keep(url.origin, response.headers.getSetCookie());
    const { status, headers } = response;
    return { url, status, headers, text: await response.text() };
  }

  #keep(origin: string, lines: readonly string[]): void {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const expires = /expires=([^;]+)/i.exec(line)?.[1];
      const isGone = expires !== undefined && Date.parse(expires) <= Date.now();
      if (isGone) jar.delete(name);
      else jar.set(name, value);
    }
  }
}
