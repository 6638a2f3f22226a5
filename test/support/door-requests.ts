import { request as httpRequest } from 'node:http';

/** Exactly these bytes as the path: fetch would tidy them up. @returns the status */
export function askRaw(
  url: string,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    httpRequest({ hostname, port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

/** A stream of events (HTML living standard, section 9.2). */
export interface HeardEvents {
  status: number;
  /** Reads on until this was said. @returns everything that was heard so far. @throws {Error} where it ends before */
  until(text: string): Promise<string>;
  /** Reads on until it ends. @returns everything that was heard */
  toEnd(): Promise<string>;
  close(): void;
}

export async function hearEvents(
  url: string,
  headers: Record<string, string>,
): Promise<HeardEvents> {
  const cancelled = new AbortController();
  const { status, body } = await fetch(url, { headers, signal: cancelled.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = (await reader?.read())?.value ?? '';
  /** @returns whether there is more */
  const readOn = async () => {
    const more = await reader?.read();
    heard += more?.value ?? '';
    return more?.done === false;
  };
  const until = async (text: string) => {
    while (!heard.includes(text)) {
      if (!(await readOn())) throw new Error(`it ended before it said ${text}`);
    }
    return heard;
  };
  const toEnd = async () => {
    while (await readOn());
    return heard;
  };
  return { status, until, toEnd, close: () => cancelled.abort() };
}
