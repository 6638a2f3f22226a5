import type {
  MediaKind,
  WireDtlsParameters,
  WireIceParameters,
} from '../../signaling/contract/index.ts';
import { dtlsParametersSchema } from '../../signaling/contract/index.ts';
import { SdpError } from './sdp-error.ts';
import { type MediaSection, parseSession, type Session } from './session.ts';

/** A media section of sound or picture. */
export interface OfferedMedia {
  kind: MediaKind;
  /** RFC 5888; an offer without any gets its sections numbered. */
  mid: string;
  section: MediaSection;
}

/** What an offer says, as far as we go by it. */
export interface Offer {
  ice: Pick<WireIceParameters, 'usernameFragment' | 'password'>;
  /** `role` is the client's: `client` unless it insists on being the DTLS server (`a=setup:passive`). */
  dtls: WireDtlsParameters;
  media: OfferedMedia[];
}

/**
 * Reads an offer of a client that sends, or one that receives. No media section of it is left out: a
 * client whose offer cannot be taken whole is told so (RFC 9725 section 4.4: SHOULD NOT reject single
 * sections).
 *
 * @throws SdpError
 */
export function readOffer(sdp: string, direction: 'send' | 'receive'): Offer {
  const session = parseSession(sdp);
  const media = session.media.map(readMedia);
  requireOneOfAKind(media);
  for (const one of media) requireDirection(one, direction);
  if (direction === 'send') requireOneStream(media);
  requireBundle(session, media);
  return { ice: readIce(session), dtls: readDtls(session), media };
}

function readMedia(section: MediaSection, index: number): OfferedMedia {
  const { type } = section;
  if (type !== 'audio' && type !== 'video') {
    throw new SdpError('unacceptable', `Only sound and picture are taken, and not ${type}.`);
  }
  if (!section.protocol.includes('RTP/SAVPF')) {
    throw new SdpError('unacceptable', `The media protocol must be UDP/TLS/RTP/SAVPF.`);
  }
  return { kind: type, mid: section.mid ?? String(index), section };
}

/** RFC 9725 section 4.4.2: one MediaStream, one track of a kind. */
function requireOneOfAKind(media: OfferedMedia[]): void {
  for (const kind of ['audio', 'video'] as const) {
    if (media.filter((one) => one.kind === kind).length > 1) {
      throw new SdpError('unacceptable', `There is more than one ${kind} track in the offer.`);
    }
  }
  if (new Set(media.map(({ mid }) => mid)).size !== media.length) {
    throw new SdpError('malformed', 'Two media sections have the same mid.');
  }
}

/** RFC 9725 section 4.4.2: all tracks in one MediaStream. `-` is a track that is in none (RFC 8830). */
function requireOneStream(media: OfferedMedia[]): void {
  const streams = media.flatMap(({ section }) => section.msid.map(({ id }) => id));
  if (new Set(streams.filter((id) => id !== '-')).size <= 1) return;
  throw new SdpError('unacceptable', 'The tracks of the offer are of more than one MediaStream.');
}

function requireDirection({ kind, section }: OfferedMedia, direction: 'send' | 'receive'): void {
  const wanted = direction === 'send' ? 'sendonly' : 'recvonly';
  if (section.direction === wanted || section.direction === 'sendrecv') return;
  throw new SdpError('unacceptable', `The ${kind} of the offer must be ${wanted}.`);
}

/** RFC 9725 section 4.4.1: everything over one transport. */
function requireBundle({ groups }: Session, media: OfferedMedia[]): void {
  if (media.length === 1) return;
  const bundled = new Set(groups.find(({ type }) => type === 'BUNDLE')?.mids.split(' '));
  if (media.every(({ mid }) => bundled.has(mid))) return;
  throw new SdpError('unacceptable', 'All media of the offer must be in one BUNDLE group.');
}

function readIce(session: Session): Offer['ice'] {
  const first = session.media[0];
  const usernameFragment = first?.iceUfrag ?? session.iceUfrag;
  const password = first?.icePwd ?? session.icePwd;
  if (usernameFragment === undefined || password === undefined) {
    throw new SdpError('malformed', 'The offer has no ICE credentials.');
  }
  return { usernameFragment, password };
}

function readDtls(session: Session): WireDtlsParameters {
  const first = session.media[0];
  const fingerprint = first?.fingerprint ?? session.fingerprint;
  if (fingerprint === undefined) throw new SdpError('malformed', 'The offer has no fingerprint.');
  const setup = first?.setup ?? session.setup ?? 'actpass';
  if (setup === 'holdconn') throw new SdpError('unacceptable', 'The offer holds the connection.');
  const result = dtlsParametersSchema.safeParse({
    role: setup === 'passive' ? 'server' : 'client',
    fingerprints: [{ algorithm: fingerprint.type.toLowerCase(), value: fingerprint.hash }],
  });
  if (!result.success) throw new SdpError('malformed', 'The fingerprint cannot be read.');
  return result.data;
}
