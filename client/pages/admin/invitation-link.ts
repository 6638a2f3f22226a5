const KEY = 'sfumato.invitation';

/** What an invited person is sent: the token where no server sees it. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/admin#invitation=${encodeURIComponent(token)}`;
}

/**
 * Takes an invitation out of the address bar, where it would be read over a shoulder, and keeps it for this tab, so
 * that a reload still has it. @returns its token, if this tab has one
 */
export function takeInvitation(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('invitation');
  if (token === null) return sessionStorage.getItem(KEY);
  history.replaceState(history.state, '', location.pathname + location.search);
  sessionStorage.setItem(KEY, token);
  return token;
}

export function forgetInvitation(): void {
  sessionStorage.removeItem(KEY);
}
