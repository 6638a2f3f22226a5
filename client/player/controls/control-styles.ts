import { css } from 'lit';

/** Of what comes after the first picture: added to `playerStyles`. */
export const controlStyles = css`
  media-controller {
    --media-primary-color: var(--ink);
    --media-control-background: transparent;
    --media-control-hover-background: rgb(246 238 224 / 0.14);
    --media-focus-box-shadow: inset 0 0 0 2px var(--ochre);
    --media-font-family: inherit;
    --media-font-weight: 500;
    --media-font-size: 14px;
    --media-control-padding: 10px;
    --media-range-track-height: 4px;
    --media-range-track-border-radius: 2px;
    --media-range-track-background: rgb(246 238 224 / 0.28);
    --media-range-bar-color: var(--ochre);
    --media-menu-background: rgb(var(--umber) / 0.92);
    --media-menu-border: 1px solid rgb(246 238 224 / 0.14);
    --media-menu-border-radius: 12px;
    --media-menu-item-hover-background: rgb(246 238 224 / 0.12);
    --media-menu-item-checked-background: rgb(227 180 97 / 0.18);
    --media-tooltip-background: rgb(var(--umber) / 0.94);
    --media-tooltip-arrow-display: none;
    --media-background-color: transparent;
  }

  /* Haze: the picture dissolves into the controls. */
  .haze {
    position: absolute;
    inset: auto 0 0 0;
    height: 96px;
    pointer-events: none;
    background: linear-gradient(
      to top,
      rgb(var(--umber) / 0.82),
      rgb(var(--umber) / 0.42) 45%,
      rgb(var(--umber) / 0)
    );
  }
  media-control-bar {
    width: 100%;
    padding: 0 8px 6px;
    box-sizing: border-box;
    align-items: center;
    position: relative;
  }
  media-control-bar > * {
    border-radius: 10px;
  }
  media-volume-range {
    width: 90px;
  }
  .spacer {
    flex: 1;
  }
  .tool {
    display: inline-flex;
    padding: 10px;
    transition: background 0.15s linear;
  }
  .tool:hover {
    background: rgb(246 238 224 / 0.14);
  }
  .tool[aria-pressed='true'] {
    color: var(--ochre);
  }

  .badge {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-height: 28px;
    padding: 4px 11px;
    margin-inline: 6px;
    border-radius: 999px;
    font-weight: 600;
    font-size: 13px;
    line-height: 1;
    letter-spacing: 0.02em;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
    background: rgb(246 238 224 / 0.12);
  }
  .badge::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: #b9ab98;
  }
  .badge[data-state='live']::before {
    background: var(--sienna);
    box-shadow: 0 0 8px 1px rgb(232 113 76 / 0.8);
  }
  .badge[data-state='offAir'] {
    cursor: default;
  }

  .panel {
    position: absolute;
    /* Above what is in the middle. */
    z-index: 2;
    inset: 14px 14px auto auto;
    box-sizing: border-box;
    width: min(27em, calc(100% - 28px));
    max-height: calc(100% - 84px);
    overflow: auto;
    padding: 14px 18px 16px;
    border-radius: 16px;
    border: 1px solid rgb(246 238 224 / 0.13);
    background: rgb(var(--umber) / 0.86);
    backdrop-filter: blur(14px);
    font-size: 13.5px;
    line-height: 1.4;
    cursor: auto;
  }
  .panel header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
  .panel h2 {
    margin: 0;
    font: 500 17px/1.3 ui-serif, 'Iowan Old Style', Palatino, Georgia, serif;
    color: var(--ochre);
  }
  .panel .tool {
    margin: -4px -10px -4px 0;
    padding: 6px;
    border-radius: 8px;
  }
  table {
    width: 100%;
    margin-top: 8px;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 4px 0;
    text-align: start;
    vertical-align: top;
    font-weight: 400;
    border-top: 1px solid rgb(246 238 224 / 0.08);
  }
  th {
    padding-inline-end: 14px;
    white-space: nowrap;
    color: #c9bba6;
  }
  td {
    font-variant-numeric: tabular-nums;
  }
  kbd {
    display: inline-block;
    min-width: 1.2em;
    padding: 1px 7px;
    margin-inline-end: 4px;
    border-radius: 6px;
    border: 1px solid rgb(246 238 224 / 0.25);
    font: inherit;
    font-size: 12.5px;
    text-align: center;
  }

  @container (max-width: 520px) {
    media-volume-range,
    .roomy {
      display: none;
    }
    media-control-bar {
      --media-control-padding: 8px;
      padding: 0 4px 2px;
    }
    .tool {
      padding: 8px;
    }
    .badge {
      margin-inline: 2px;
      padding-inline: 8px;
    }
    .panel {
      inset: 0 0 auto 0;
      width: 100%;
      /* The controls stay free. */
      max-height: calc(100% - 44px);
      border-radius: 0;
      border: 0;
      background: rgb(var(--umber) / 0.94);
    }
  }
  @container (max-width: 370px) {
    media-pip-button {
      display: none;
    }
  }
  @media (prefers-contrast: more) {
    .haze,
    .panel {
      background: rgb(0 0 0 / 0.9);
    }
  }
  @media (forced-colors: active) {
    .badge,
    .panel {
      border: 1px solid;
    }
  }
`;
