export type DeviceKind = 'camera' | 'microphone' | 'screen';

/** What is wrong with a device, and the way out, both for people. */
export type DeviceProblem = {
  title: string;
  wayOut: string /** A link that helps. */;
  href?: string;
};

export type DeviceFailure = {
  kind: DeviceKind;
  /** The DOMException's name (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia). */
  name: string;
  /** Which wish could not be met, where the name is OverconstrainedError. */
  constraint?: string;
};

const SYSTEM_SETTINGS =
  'Also look into the privacy settings of your system: it may keep browsers from it.';

type Explain = (failure: DeviceFailure) => DeviceProblem;

const EXPLANATIONS: Record<string, Explain> = {
  NotAllowedError: ({ kind }) =>
    kind === 'screen'
      ? { title: 'Nothing was chosen to be shown.', wayOut: 'Press “Screen” again and choose.' }
      : {
          title: `You have not let this page use the ${kind}.`,
          wayOut: `Press the sign beside the address of this page, allow the ${kind}, and try again. ${SYSTEM_SETTINGS}`,
        },
  NotFoundError: ({ kind }) => ({
    title: `No ${kind} was found.`,
    wayOut: 'Plug one in: this page notices it by itself.',
  }),
  NotReadableError: ({ kind }) => ({
    title: `The ${kind} does not answer.`,
    wayOut: `Another program may be using it: close that, then try again. ${SYSTEM_SETTINGS}`,
  }),
  OverconstrainedError: ({ kind, constraint }) => ({
    title: `The ${kind} cannot do what was asked${constraint ? ` (${constraint})` : ''}.`,
    wayOut: 'Choose another one, or a smaller picture.',
  }),
  SecurityError: ({ kind }) => ({
    title: `This page may not use a ${kind}.`,
    wayOut: 'A rule of your browser or of the page around it forbids it.',
  }),
};

/** Names that mean the same: an abort is a device that broke off, and some browsers keep their old names. */
const SAME_AS: Record<string, string> = {
  AbortError: 'NotReadableError',
  TrackStartError: 'NotReadableError',
  DevicesNotFoundError: 'NotFoundError',
  PermissionDeniedError: 'NotAllowedError',
};

export function explainFailure(failure: DeviceFailure): DeviceProblem {
  const explain = EXPLANATIONS[SAME_AS[failure.name] ?? failure.name];
  if (explain !== undefined) return explain(failure);
  return {
    title: `The ${failure.kind} could not be started (${failure.name}).`,
    wayOut: 'Try again, choose another one, or another browser.',
  };
}

/** The port of the server's own HTTPS (docs/settings.md, TLS_PORT). */
const DEFAULT_TLS_PORT = 8443;

/**
 * Why this page gets no device at all, whichever it asks for; null where it does. Browsers give them to
 * secure pages only (https://w3c.github.io/webappsec-secure-contexts/).
 */
export function explainMissingDevices(facts: {
  secure: boolean;
  hasMediaDevices: boolean;
  pageUrl: string;
}): DeviceProblem | null {
  if (facts.secure && facts.hasMediaDevices) return null;
  if (facts.secure) {
    return {
      title: 'This browser has no access to cameras.',
      wayOut: 'Open the link in a current Chrome, Edge, Firefox or Safari, not inside another app.',
    };
  }
  const url = new URL(facts.pageUrl);
  url.protocol = 'https:';
  url.port = String(DEFAULT_TLS_PORT);
  return {
    title: 'Browsers give the camera to secure pages only, and this one came over plain HTTP.',
    wayOut: `Open it over HTTPS. The server’s own is on port ${DEFAULT_TLS_PORT} unless it was set otherwise:`,
    href: url.href,
  };
}
