import { html, svg } from 'lit';

const icon = (content: unknown) => html`
  <svg viewBox="0 0 24 24" width="1em" height="1em" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${content}</svg>
`;

export const ICONS = {
  edit: icon(svg`<path d="M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z" />`),
  files: icon(
    svg`<path d="M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />`,
  ),
  folder: icon(
    svg`<path d="M3 7a2 2 0 0 1 2-2h4l2 2.5h8a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" />`,
  ),
  plus: icon(svg`<path d="M12 5v14M5 12h14" />`),
  cross: icon(svg`<path d="M6 6l12 12M18 6L6 18" />`),
  earlier: icon(svg`<path d="M15 5l-7 7 7 7" />`),
  later: icon(svg`<path d="M9 5l7 7-7 7" />`),
  video: icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.5" /><path d="M10.5 9.5v5l4-2.5z" fill="currentColor" />`,
  ),
  audio: icon(
    svg`<path d="M9 18V6l10-2v12" /><circle cx="6.5" cy="18" r="2.5" /><circle cx="16.5" cy="16" r="2.5" />`,
  ),
  image: icon(
    svg`<rect x="3" y="5" width="18" height="14" rx="2.5" /><path d="M4 17l5-5 4 4 3-3 4 4" /><circle cx="15.5" cy="9.5" r="1.2" />`,
  ),
  public: icon(
    svg`<circle cx="12" cy="12" r="8.5" /><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17c-5-5-5-12 0-17" />`,
  ),
  unlisted: icon(
    svg`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.3 1.3M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.3-1.3" />`,
  ),
  signedIn: icon(svg`<circle cx="12" cy="8" r="4" /><path d="M4.5 20a7.5 7.5 0 0 1 15 0" />`),
  password: icon(
    svg`<circle cx="8" cy="15.500" r="4" /><path d="M11 12.500L19.500 4M16 7.500l3 3M13.500 10l2 2" />`,
  ),
  token: icon(
    svg`<path d="M4 7.500h16v3a1.700 1.700 0 0 0 0 3.400v2.600H4v-2.600a1.700 1.700 0 0 0 0-3.400z" /><path d="M14.500 7.500v9" stroke-dasharray="2 2" />`,
  ),
  private: icon(
    svg`<rect x="5" y="11" width="14" height="9" rx="2" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
  ),
};
