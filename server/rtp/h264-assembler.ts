/** RTP packets to access units (RFC 6184): the receiving side, for packets of a lossy way. */

const NAL_IDR = 5;
const NAL_SEI = 6;
const NAL_SPS = 7;
const NAL_PPS = 8;
const NAL_ACCESS_UNIT_DELIMITER = 9;
const NAL_FILLER = 12;
const NAL_STAP_A = 24;
const NAL_FU_A = 28;

/** What is sent again comes within a round trip; longer than this nobody waits for it. */
const WAIT_FOR_MISSING_MS = 150;
const MOST_WAITING = 512;
/** What is farther back than this is no old packet: the numbers begin anew. */
const MOST_MISORDERED = 3_000;

export type RtpPiece = {
  sequenceNumber: number;
  /** RTP clock. */
  timestamp: number;
  /** The last packet of its picture. */
  marker: boolean;
  payload: Uint8Array;
};

export type AccessUnit = {
  timestamp: number;
  isKeyFrame: boolean;
  /** Nothing of it is missing. */
  whole: boolean;
  /** Slices only; parameter sets are in `sps` and `pps`. */
  units: Uint8Array[];
  /** The last ones seen, of this picture or earlier. */
  sps: Uint8Array | undefined;
  pps: Uint8Array | undefined;
};

/** Puts packets in order and together. What was lost for good makes its picture one that is not whole. */
export class H264Assembler {
  readonly #onUnit: (unit: AccessUnit) => void;
  readonly #waiting = new Map<number, RtpPiece>();
  #next: number | undefined;
  #missingSinceMs: number | undefined;
  #timestamp: number | undefined;
  #units: Uint8Array[] = [];
  #fragments: Uint8Array[] = [];
  #whole = true;
  #sps: Uint8Array | undefined;
  #pps: Uint8Array | undefined;

  constructor(onUnit: (unit: AccessUnit) => void) {
    this.#onUnit = onUnit;
  }

  /** @param nowMs of a monotonic clock */
  push(piece: RtpPiece, nowMs: number): void {
    const distance = ahead(piece.sequenceNumber, this.#next ?? piece.sequenceNumber);
    if (distance < 0 && distance > -MOST_MISORDERED) return;
    if (distance < 0 || this.#next === undefined) this.#next = piece.sequenceNumber;
    this.#waiting.set(piece.sequenceNumber, piece);
    this.#drain();
    if (this.#waiting.size === 0) {
      this.#missingSinceMs = undefined;
      return;
    }
    this.#missingSinceMs ??= nowMs;
    const late = nowMs - this.#missingSinceMs > WAIT_FOR_MISSING_MS;
    if (late || this.#waiting.size > MOST_WAITING) this.#skipMissing();
  }

  #drain(): void {
    for (;;) {
      const piece = this.#next === undefined ? undefined : this.#waiting.get(this.#next);
      if (piece === undefined) return;
      this.#waiting.delete(piece.sequenceNumber);
      this.#next = (piece.sequenceNumber + 1) & 0xffff;
      this.#take(piece);
    }
  }

  #skipMissing(): void {
    const next = this.#next ?? 0;
    const numbers = [...this.#waiting.keys()];
    const nearest = numbers.reduce((a, b) => (ahead(b, next) < ahead(a, next) ? b : a));
    this.#whole = false;
    this.#fragments = [];
    this.#missingSinceMs = undefined;
    this.#next = nearest;
    this.#drain();
  }

  #take({ timestamp, marker, payload }: RtpPiece): void {
    if (this.#timestamp !== timestamp) this.#finish();
    this.#timestamp = timestamp;
    this.#unpack(payload);
    if (marker) this.#finish();
  }

  #unpack(payload: Uint8Array): void {
    const first = payload[0] ?? 0;
    const type = first & 0x1f;
    if (type === NAL_STAP_A) return this.#unpackAggregate(payload);
    if (type !== NAL_FU_A) return this.#add(payload);
    const header = payload[1] ?? 0;
    if (header & 0x80) this.#fragments = [Uint8Array.of((first & 0xe0) | (header & 0x1f))];
    if (this.#fragments.length === 0) return;
    this.#fragments.push(payload.subarray(2));
    if ((header & 0x40) === 0) return;
    this.#add(Buffer.concat(this.#fragments));
    this.#fragments = [];
  }

  #unpackAggregate(payload: Uint8Array): void {
    for (let at = 1; at + 2 < payload.length; ) {
      const bytes = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
      this.#add(payload.subarray(at + 2, at + 2 + bytes));
      at += 2 + bytes;
    }
  }

  #add(unit: Uint8Array): void {
    const type = (unit[0] ?? 0) & 0x1f;
    if (type === NAL_SPS) this.#sps = unit;
    else if (type === NAL_PPS) this.#pps = unit;
    else if (type !== 0 && !SAYS_NOTHING.has(type)) this.#units.push(unit);
  }

  #finish(): void {
    const units = this.#units;
    const whole = this.#whole && this.#fragments.length === 0;
    this.#units = [];
    this.#fragments = [];
    // Parameter sets in a packet of their own are no picture; one that is lost altogether was one.
    if (this.#timestamp === undefined || (units.length === 0 && whole)) return;
    this.#whole = true;
    this.#onUnit({
      timestamp: this.#timestamp,
      isKeyFrame: units.some((unit) => ((unit[0] ?? 0) & 0x1f) === NAL_IDR),
      whole,
      units,
      sps: this.#sps,
      pps: this.#pps,
    });
  }
}

const SAYS_NOTHING: ReadonlySet<number> = new Set([NAL_SEI, NAL_ACCESS_UNIT_DELIMITER, NAL_FILLER]);

/** How far a sequence number is ahead of another, the shorter way round (RFC 3550 appendix A.1). */
function ahead(number: number, of: number): number {
  return ((number - of) << 16) >> 16;
}

/** An AVCDecoderConfigurationRecord (ISO/IEC 14496-15 section 5.3.3.1) with lengths of four bytes. */
export function avcRecord(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  const counted = (unit: Uint8Array) => [Buffer.of(unit.length >> 8, unit.length & 0xff), unit];
  return Buffer.concat([
    Buffer.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1),
    ...counted(sps),
    Buffer.of(1),
    ...counted(pps),
  ]);
}
