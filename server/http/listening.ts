import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { SfumatoError } from '../../signaling/contract/index.ts';

export interface ListenOptions {
  host: string;
  port: number;
  tlsPort: number;
  certPath: string;
  keyPath: string;
}

export interface Listening {
  servers: Server[];
  port: number;
  tlsPort: number;
  close(): Promise<void>;
}

/**
 * HTTP and HTTPS with the same application.
 *
 * @throws SfumatoError `unavailable` where a port is taken or the certificate cannot be read
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const tls = await readCertificate(options);
  const http = createServer(handler);
  const https = createTlsServer(tls, handler);
  const servers = [http, https];
  const close = async () => {
    await Promise.all(servers.map(closeServer));
  };
  try {
    await listenOn(http, 'PORT', options.port, options.host);
    await listenOn(https, 'TLS_PORT', options.tlsPort, options.host);
  } catch (error) {
    await close();
    throw error;
  }
  return { servers, port: portOf(http), tlsPort: portOf(https), close };
}

async function readCertificate({ certPath, keyPath }: ListenOptions) {
  try {
    const [cert, key] = await Promise.all([readFile(certPath), readFile(keyPath)]);
    return { cert, key };
  } catch (cause) {
    throw new SfumatoError('unavailable', 'The TLS certificate or its key cannot be read.', {
      cause,
      hint: '`npm run setup` makes one for development; TLS_CERT and TLS_KEY name your own.',
    });
  }
}

async function listenOn(server: Server, setting: string, port: number, host: string) {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const hint = `Stop what has the port, or set ${setting} to another one.`;
      reject(
        new SfumatoError('unavailable', `Cannot listen on port ${port}: ${cause.message}`, {
          cause,
          hint,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
