import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import {
  CLOSE_CODES,
  MAX_REQUEST_BYTES,
  type NotificationData,
  type NotificationName,
  SUBPROTOCOL,
} from '../contract/index.ts';
import { Connection } from './connection.ts';
import { dispatch, type ErrorListener, type Handlers } from './dispatch.ts';
import { isAllowedOrigin } from './origin.ts';

/** What a context can say to its client. */
export interface Client {
  remoteAddress: string | undefined;
  /** Of the request that opened the socket: they tell who it is. */
  headers: IncomingHttpHeaders;
  /** Did it come by TLS? */
  encrypted: boolean;
  /** Its path, and what stands behind the `?`. */
  url?: string | undefined;
  notify<N extends NotificationName>(event: N, data: NotificationData<N>): void;
}

export interface SignalingServerOptions<Context> {
  path: string;
  handlers: Handlers<Context>;
  /** Origins that may connect besides the server's own. */
  allowedOrigins: readonly string[];
  /** May a page of another origin connect all the same? What it may do there is asked each time. */
  allowsOrigin?: (origin: string) => Promise<boolean>;
  /** Called for every client before its first request. */
  onOpened: (client: Client) => Context;
  /** @param clean did the client take its leave, or was it just gone? */
  onClosed: (context: Context, clean: boolean) => void;
  onUnexpected: ErrorListener;
  /** Between two pings; a client that has not answered one by the next is gone. */
  heartbeatMs?: number;
}

/** Time that clients have to answer the closing handshake, milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** RFC 6455 section 7.4.1: 1000 a normal end, 1001 the page was left. */
const CLEAN_CODES = new Set([1000, 1001]);

/** The WebSocket end of the conversation in the server. */
export class SignalingServer<Context> {
  readonly #options: SignalingServerOptions<Context>;
  readonly #connections = new Set<Connection>();
  readonly #sockets: WebSocketServer;
  #isClosed = false;

  constructor(options: SignalingServerOptions<Context>) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      // Above our own limit, so that a message somewhat over it gets an answer and not a lost socket.
      maxPayload: 4 * MAX_REQUEST_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Takes the upgrades of an HTTP server; the returned function lets go of it. */
  attach(server: Server): () => void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#onUpgrade(request, socket, head);
    server.on('upgrade', onUpgrade);
    return () => server.off('upgrade', onUpgrade);
  }

  /** Tells every client something. */
  broadcast<N extends NotificationName>(event: N, data: NotificationData<N>): void {
    for (const connection of this.#connections) connection.notify(event, data);
  }

  /** Closes every connection; those that do not answer in a second are cut. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#connections];
    for (const connection of all) connection.close(CLOSE_CODES.serverClosing, 'server closing');
    const cut = setTimeout(() => {
      for (const connection of all) connection.terminate();
    }, CLOSE_TIMEOUT_MS);
    await Promise.all(all.map(({ closed }) => closed));
    clearTimeout(cut);
    this.#sockets.close();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A reset before the handshake is done would otherwise be an uncaught error.
    const onError = () => socket.destroy();
    socket.on('error', onError);
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) return refuse(socket, refusal);
    void this.#admit(request, socket).then((allowed) => {
      if (!allowed) return;
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off('error', onError);
        this.#open(webSocket, request);
      });
      return;
    });
  }

  async #admit(request: IncomingMessage, socket: Duplex): Promise<boolean> {
    try {
      const allowed = await this.#allows(request.headers);
      if (!allowed) refuse(socket, '403 Forbidden');
      return allowed;
    } catch (error) {
      refuse(socket, '503 Service Unavailable');
      this.#options.onUnexpected('upgrade', error);
      return false;
    }
  }

  /** Those that are known are not kept waiting. */
  async #allows({ origin, host }: IncomingHttpHeaders): Promise<boolean> {
    if (isAllowedOrigin(origin, host, this.#options.allowedOrigins)) return true;
    const page = URL.parse(origin ?? '');
    if (page === null || this.#isClosed) return false;
    return (await this.#options.allowsOrigin?.(page.origin)) === true;
  }

  #refusalOf(request: IncomingMessage): string | undefined {
    const path = URL.parse(request.url ?? '', 'http://localhost')?.pathname;
    if (path !== this.#options.path) return '404 Not Found';
    const offered = request.headers['sec-websocket-protocol']?.split(',') ?? [];
    return offered.some((name) => name.trim() === SUBPROTOCOL) ? undefined : '400 Bad Request';
  }

  #open(socket: ConstructorParameters<typeof Connection>[0]['socket'], request: IncomingMessage) {
    const { handlers, onOpened, onClosed, onUnexpected } = this.#options;
    const connection: Connection = new Connection({
      socket,
      heartbeatMs: this.#options.heartbeatMs,
      answer: (text) => dispatch(handlers, context, text, onUnexpected),
      onClosed: (code) => {
        this.#connections.delete(connection);
        onClosed(context, CLEAN_CODES.has(code));
      },
    });
    this.#connections.add(connection);
    const context = onOpened({
      remoteAddress: request.socket.remoteAddress,
      headers: request.headers,
      encrypted: 'encrypted' in request.socket,
      url: request.url,
      notify: (event, data) => connection.notify(event, data),
    });
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
