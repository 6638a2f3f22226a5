/** Who may publish. */
export interface PublishingRights {
  /** @throws SfumatoError `unauthorized` where the key is of no Channel, `forbidden` where it is another Channel's, `notFound` */
  checkStreamKey(channelId: string, streamKey: string): Promise<void>;
  /** Called when a key is rotated or a Channel deleted: whoever publishes with the old one is ended. Returned function stops it. */
  onRevoked(
    listener: (channelId: string, reason: 'keyRotated' | 'channelDeleted') => void,
  ): () => void;
}
