import { css } from 'lit';

export const accessStyles = css`
  :host {
    position: absolute;
    inset: 0;
    z-index: 1;
    display: grid;
    overflow: auto;
    pointer-events: auto;
    color: #f6eee0;
    font: 400 15px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
    text-align: center;
    container-type: size;
    scrollbar-width: thin;
    scrollbar-color: rgb(246 238 224 / 0.4) transparent;
  }
  section {
    display: grid;
    justify-items: center;
    gap: clamp(6px, 2.6cqh, 16px);
    width: min(30em, 100% - 32px);
    box-sizing: border-box;
    margin: auto;
    padding: clamp(8px, 4cqh, 28px) 0;
  }
  h2,
  p {
    margin: 0;
    text-wrap: balance;
  }
  h2 {
    font-size: clamp(17px, 4.6cqi, 27px);
    font-weight: 600;
    line-height: 1.2;
    letter-spacing: -0.005em;
  }
  .words {
    color: #e6dac6;
    font-size: clamp(14px, 2.3cqi, 17px);
  }
  .when {
    font-size: clamp(16px, 3cqi, 21px);
    font-weight: 600;
    color: #f0cb83;
    font-variant-numeric: tabular-nums;
  }
  .day {
    color: #e6dac6;
    font-size: 14px;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
    width: min(22em, 100%);
    text-align: start;
  }
  label {
    font-size: 14px;
    font-weight: 550;
  }
  .line {
    display: flex;
    gap: 8px;
  }
  input {
    flex: 1;
    min-width: 0;
    box-sizing: border-box;
    min-height: 44px;
    padding: 8px 12px;
    border: 1px solid rgb(246 238 224 / 0.55);
    border-radius: 12px;
    background: rgb(20 16 12 / 0.72);
    color: inherit;
    font: inherit;
    /* Smaller, and a phone would zoom in. */
    font-size: 16px;
  }
  input[aria-invalid='true'] {
    border-color: #ff9d7c;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 10px;
  }
  .ways:not(:has(*)) {
    display: none;
  }
  button,
  a {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    box-sizing: border-box;
    min-height: 44px;
    padding: 8px 20px;
    border: 1px solid rgb(246 238 224 / 0.5);
    border-radius: 999px;
    background: rgb(20 16 12 / 0.5);
    color: inherit;
    font: inherit;
    font-weight: 600;
    white-space: nowrap;
    text-decoration: none;
    cursor: pointer;
  }
  .line button {
    border-radius: 12px;
  }
  .strong {
    border-color: transparent;
    background: #efc677;
    color: #20170e;
  }
  :is(input, button, a):focus-visible {
    outline: 3px solid #f6eee0;
    outline-offset: 2px;
  }
  .problem {
    color: #ffb59b;
    font-size: 14px;
  }
  .problem:empty {
    display: none;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @container (max-height: 190px) {
    .words,
    .day,
    label {
      font-size: 13px;
      line-height: 1.3;
    }
    button,
    a,
    input {
      min-height: 36px;
      padding-block: 4px;
    }
  }
  /* In the smallest frames what can be done comes before what can be read. */
  @container (max-height: 150px) {
    .words,
    .day {
      display: none;
    }
  }
  @container (max-width: 280px) {
    button,
    a {
      padding-inline: 12px;
      font-size: 14px;
    }
  }
  @media (forced-colors: active) {
    button,
    a {
      border: 1px solid;
    }
  }
`;
