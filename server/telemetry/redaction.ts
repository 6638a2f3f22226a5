/** Parameters of addresses that open something. Where a key is an object's, `REDACTED` of the log knows it. */
const PARAMETERS =
  /([?&](?:token|access_token|id_token|code|password|streamKey|key|X-Amz-[\w-]+)=)[^&\s"'#\\<>]+/gi;
/** A JWT (RFC 7519): the first part is the Base64url of `{"`. One without a signature is none the less somebody's. */
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * A line of the log without what opens things: for those that stand in the middle of a text, such as the address in an
 * error's message.
 */
export function redact(line: string): string {
  return line.replaceAll(PARAMETERS, '$1[Redacted]').replaceAll(JWT, '[JWT]');
}
