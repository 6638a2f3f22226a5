/** A MediaError, which scripts cannot construct (https://html.spec.whatwg.org/multipage/media.html#mediaerror). */
export class MediaProblem implements MediaError {
  readonly MEDIA_ERR_ABORTED = 1;
  readonly MEDIA_ERR_NETWORK = 2;
  readonly MEDIA_ERR_DECODE = 3;
  readonly MEDIA_ERR_SRC_NOT_SUPPORTED = 4;
  readonly code = this.MEDIA_ERR_SRC_NOT_SUPPORTED;
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
