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
    display: block;
    width: 100%;
    height: 100%;
  }
  sfumato-video {
    width: 100%;
    height: 100%;
  }
  /* Before the controls' code is there: everything where it will stay. */
  media-controller:not(:defined) {
    position: relative;
    overflow: hidden;
    line-height: 0;
  }
  media-controller:not(:defined) > .center {
    position: absolute;
    inset: 0;
    width: fit-content;
    height: fit-content;
  }
  media-controller:not(:defined) > .unmute {
    position: absolute;
    inset: 0 auto auto 0;
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

  @media (prefers-reduced-motion: reduce) {
    *,
    .breath {
      animation: none;
      transition: none;
    }
  }
  @media (prefers-contrast: more) {
    .veil {
      background: rgb(0 0 0 / 0.9);
    }
    .veil[data-over='nothing'] {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .play,
    .unmute {
      border: 1px solid;
    }
  }
`;
