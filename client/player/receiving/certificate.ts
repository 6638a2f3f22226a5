import type { WireDtlsParameters } from '../../../signaling/contract/index.ts';

export type ClientCertificate = {
  certificate: RTCCertificate;
  /** What the server is told of it, ahead of the DTLS hello. */
  dtlsParameters: WireDtlsParameters;
};

/** P-256: made in 1 to 2 ms, where the default RSA key of some browsers takes a hundred. */
const KEY: EcKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' };

/** Makes the certificate of the DTLS connection before there is one, so that its fingerprint can go with `join`. */
export async function makeCertificate(): Promise<ClientCertificate> {
  const certificate = await RTCPeerConnection.generateCertificate(KEY);
  const fingerprints = fingerprintsOf(certificate) ?? [await fingerprintInOffer(certificate)];
  return { certificate, dtlsParameters: { role: 'client', fingerprints } };
}

type Fingerprints = WireDtlsParameters['fingerprints'];

function fingerprintsOf(certificate: RTCCertificate): Fingerprints | null {
  // Firefox has no getFingerprints().
  if (!('getFingerprints' in certificate)) return null;
  const found: Fingerprints = [];
  for (const { algorithm, value } of certificate.getFingerprints()) {
    if (algorithm === 'sha-256' && value) found.push({ algorithm, value: value.toUpperCase() });
  }
  return found.length > 0 ? found : null;
}

async function fingerprintInOffer(certificate: RTCCertificate): Promise<Fingerprints[number]> {
  const connection = new RTCPeerConnection({ certificates: [certificate] });
  try {
    connection.addTransceiver('audio', { direction: 'recvonly' });
    const { sdp = '' } = await connection.createOffer();
    const value = /^a=fingerprint:sha-256 ([0-9A-F:]+)/im.exec(sdp)?.[1];
    if (value === undefined) throw new Error('the offer has no sha-256 fingerprint');
    return { algorithm: 'sha-256', value: value.toUpperCase() };
  } finally {
    connection.close();
  }
}
