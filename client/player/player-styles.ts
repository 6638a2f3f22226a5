import { css } from 'lit';

export const playerStyles = css`
  :host {
    --ink: #f6eee0;
    --ochre: #e3b461;
    --sienna: #e8714c;
    --umber: 24 18 13;
    display: block;
    position: relative;
    aspect-ratio: 16 / 9;
    background: #14100c;
    color: var(--ink);
    font: 400 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
    container-type: inline-size;
  }
  :host([hidden]) {
    display: none;
  }

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
    display: block;
    width: 100%;
    height: 100%;
  }
  sfumato-video {
    width: 100%;
    height: 100%;
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
  button {
    font: inherit;
    color: inherit;
    border: 0;
    background: none;
    cursor: pointer;
  }
  button:focus-visible {
    outline: 2px solid var(--ochre);
    outline-offset: -2px;
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

  .center {
    position: relative;
    display: grid;
    justify-items: center;
    gap: 18px;
    max-width: min(34em, 84cqi);
    margin: auto;
    text-align: center;
    line-height: 1.45;
    pointer-events: none;
  }
  .center > * {
    pointer-events: auto;
  }
  .veil {
    position: absolute;
    inset: 0;
    pointer-events: none;
    background:
      radial-gradient(60% 80% at 22% 20%, rgb(176 132 72 / 0.34), transparent 70%),
      radial-gradient(70% 90% at 84% 84%, rgb(78 92 104 / 0.5), transparent 72%),
      radial-gradient(90% 90% at 50% 50%, rgb(70 50 34 / 0.75), rgb(20 16 12 / 0.96));
    transition: opacity 0.5s ease;
  }
  .veil[data-over='picture'] {
    background: radial-gradient(70% 80% at 50% 50%, rgb(20 16 12 / 0.72), rgb(20 16 12 / 0.28));
  }
  .veil[data-over='nothing'] {
    opacity: 0;
  }
  .sentence {
    margin: 0;
    text-wrap: balance;
    text-shadow: 0 1px 10px rgb(20 16 12 / 0.9);
    font-size: clamp(14px, 2.3cqi, 19px);
  }
  .sentence:empty {
    display: none;
  }
  .play {
    display: grid;
    place-items: center;
    width: clamp(64px, 13cqi, 96px);
    height: clamp(64px, 13cqi, 96px);
    border-radius: 50%;
    color: #20170e;
    background: radial-gradient(circle at 34% 28%, #f7dfae, #e0ab55 62%, #b9803a);
    box-shadow:
      0 0 0 10px rgb(227 180 97 / 0.12),
      0 0 60px 14px rgb(227 180 97 / 0.22);
    transition: transform 0.2s ease;
  }
  .play svg {
    width: 46%;
    height: 46%;
  }
  .play:hover {
    transform: scale(1.05);
  }
  .play:focus-visible {
    outline: 3px solid var(--ink);
    outline-offset: 4px;
  }
  .breath {
    width: 58px;
    height: 58px;
    border-radius: 50%;
    background: radial-gradient(circle, rgb(227 180 97 / 0.85), rgb(227 180 97 / 0) 68%);
    animation: breathe 2.4s ease-in-out infinite;
  }
  @keyframes breathe {
    0%,
    100% {
      transform: scale(0.72);
      opacity: 0.5;
    }
    50% {
      transform: scale(1.15);
      opacity: 1;
    }
  }

  .unmute {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    margin: 14px;
    padding: 8px 16px 8px 12px;
    border-radius: 999px;
    font-weight: 600;
    line-height: 24px;
    color: #20170e;
    background: #efc677;
    box-shadow: 0 4px 24px rgb(20 16 12 / 0.45);
  }
  .unmute:focus-visible {
    outline-color: #20170e;
  }

  .panel {
    position: absolute;
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
  @media (prefers-reduced-motion: reduce) {
    *,
    .breath {
      animation: none;
      transition: none;
    }
  }
  @media (prefers-contrast: more) {
    .haze,
    .panel,
    .veil {
      background: rgb(0 0 0 / 0.9);
    }
    .veil[data-over='nothing'] {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .badge,
    .play,
    .unmute,
    .panel {
      border: 1px solid;
    }
  }
`;
