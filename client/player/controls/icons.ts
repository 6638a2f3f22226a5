import { svg } from 'lit';

/** 24 × 24 outlines of one hand; media-chrome's own icons fill in for its own buttons. */
export const icon = (paths: unknown) => svg`
  <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
    stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const figuresIcon = icon(svg`<path d="M4 19.5h16M7 16v-4M12 16V5M17 16V9" />`);
export const helpIcon = icon(
  svg`<circle cx="12" cy="12" r="8.6" /><path d="M9.6 9.4a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2 1-1.2 1.9M12 16.6v.1" />`,
);
export const speedIcon = icon(svg`<path d="M5.2 18.2a8.8 8.8 0 1 1 13.6 0M12 13.4l3.8-4.2" />`);
export const frameBackIcon = icon(svg`<path d="M15.5 6.5 9.5 12l6 5.5zM6.5 6.5v11" />`);
export const frameOnIcon = icon(svg`<path d="M8.5 6.5 14.5 12l-6 5.5zM17.5 6.5v11" />`);
export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6L6 18" />`);
export const soundOffIcon = icon(
  svg`<path d="M4 9.5v5h3.2L12 18.6V5.4L7.2 9.5zM16 9.5l5 5M21 9.5l-5 5" />`,
);
export const playIcon = svg`
  <svg viewBox="0 0 24 24" width="40" height="40" aria-hidden="true">
    <path d="M8 5.2v13.6c0 .8.9 1.3 1.6.8l10-6.8c.6-.4.6-1.2 0-1.6l-10-6.8c-.7-.5-1.6 0-1.6.8z"
      fill="currentColor" />
  </svg>`;
