import { SfumatoError } from '../../signaling/contract/index.ts';
import { mayDo, type Principal } from '../access/principal.ts';
import type { Visitor } from '../access/visitor.ts';
import { type Owner, type Reader, STRANGER } from '../library/reader.ts';

/** As whom the library knows whoever asks. A token for other things is a stranger there. */
export function readerOf(principal: Principal | undefined): Reader {
  if (principal === undefined || !mayDo(principal, 'library:read')) return STRANGER;
  const role = changesAll(principal) ? 'administrator' : 'reader';
  return { id: principal.id, role };
}

/** The same, with everything else that was shown. */
export function readerFor({ principal, pass, site }: Visitor): Reader {
  const isSignedIn = principal?.kind === 'account';
  return { ...readerOf(principal), proof: { isSignedIn, pass, site } };
}

/** Editors look after the whole library; a program with the scope has its own things. */
function changesAll(principal: Principal): boolean {
  return mayDo(principal, 'admin') || principal.role === 'editor';
}

/** To whom belongs what whoever asks puts in. @throws SfumatoError `unauthorized` for nobody in particular */
export function ownerOf(principal: Principal | undefined): Owner {
  if (principal !== undefined) return { id: principal.id, name: principal.name };
  throw new SfumatoError('unauthorized', 'What is in the library belongs to somebody.');
}
