/** Who may publish. */
export interface PublishingRights {
  /** @throws SfumatoError `unauthorized` where the key is of no Channel, `forbidden` where it is another Channel's, `notFound` */
  checkStreamKey(channelId: string, streamKey: string): Promise<void>;
  /** Without a key: may anybody publish there at all? @throws SfumatoError `forbidden` where a file is played */
  demandStreamKey(channelId: string): Promise<void>;
  /** Called when a key is rotated or a Channel deleted: whoever publishes with the old one is ended. Returned function stops it. */
  onRevoked(
    listener: (channelId: string, reason: 'keyRotated' | 'channelDeleted') => void,
  ): () => void;
}

/** Somebody who may publish without a stream key, for as long as that is so. */
export interface Holder {
  /** @returns their name. @throws SfumatoError `unauthorized`, `forbidden` */
  demandRight(): Promise<string>;
}

/** The operator's own service, which is asked after everything else was found right. */
export interface PublishingService {
  /** @throws SfumatoError `forbidden` where it says no, `unavailable` where it says nothing */
  demandPublishing(question: {
    /** Of the Channel. */
    id: string;
    address: string | undefined;
    /** The name of who publishes without a stream key. */
    account: string | undefined;
  }): Promise<void>;
}
