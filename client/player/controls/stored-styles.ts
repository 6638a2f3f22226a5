import { css } from 'lit';

/** Of the parts that only something stored has. */
export const storedStyles = css`
  media-time-range {
    width: calc(100% - 20px);
    margin-inline: 10px;
    height: 22px;
    --media-range-padding: 0;
    --media-control-hover-background: transparent;
    --media-preview-border-radius: 10px;
    --media-preview-thumbnail-border: 1px solid rgb(246 238 224 / 0.3);
    --media-box-arrow-display: none;
    --media-preview-background: rgb(var(--umber) / 0.92);
    position: relative;
  }
  /* Of a stream nothing is loaded ahead; what was of another way is not to stand there. */
  media-time-range.streams {
    --media-time-range-buffered-color: transparent;
  }
  sfumato-waveform {
    width: calc(100% - 40px);
    margin: 0 20px 6px;
  }
  media-time-display {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  /* Captions stay above the controls. */
  media-controller:not([userinactive]) sfumato-video,
  media-controller[mediapaused] sfumato-video {
    --captions-lift: 78px;
  }
  @container (max-width: 520px) {
    media-controller:not([userinactive]) sfumato-video,
    media-controller[mediapaused] sfumato-video {
      --captions-lift: 58px;
    }
    .panel {
      /* The seek bar stays free, too. */
      max-height: calc(100% - 62px);
    }
  }
  /* What the bar shows of where it is dragged stands there. */
  media-controller:has(media-time-range[dragging]) sfumato-video {
    --captions-opacity: 0.3;
  }
  .step {
    padding: 7px;
  }
  /* Above what is in the middle: the page's words may cover that. */
  .over {
    position: absolute;
    z-index: 1;
    inset: 0;
    pointer-events: none;
  }
  .over ::slotted(*) {
    pointer-events: auto;
  }
  .icon {
    display: inline-flex;
  }
  .sound {
    position: absolute;
    inset: 0;
    overflow: hidden;
    display: grid;
    justify-items: center;
    align-items: start;
    padding-top: 5%;
    pointer-events: none;
    background:
      radial-gradient(60% 80% at 22% 20%, rgb(176 132 72 / 0.34), transparent 70%),
      radial-gradient(70% 90% at 84% 84%, rgb(78 92 104 / 0.5), transparent 72%),
      radial-gradient(90% 90% at 50% 50%, rgb(70 50 34 / 0.75), rgb(20 16 12 / 0.96));
  }
  .sound .blurred {
    position: absolute;
    inset: -8%;
    width: 116%;
    height: 116%;
    object-fit: cover;
    filter: blur(28px) brightness(0.45) saturate(1.1);
  }
  .sound .cover {
    position: relative;
    width: clamp(56px, 26cqi, 420px);
    height: auto;
    aspect-ratio: 1;
    object-fit: cover;
    border-radius: 14px;
    box-shadow: 0 14px 50px rgb(0 0 0 / 0.5);
  }
  .progress {
    display: grid;
    gap: 8px;
    justify-items: center;
    font-size: 14px;
    color: #e6dac6;
    font-variant-numeric: tabular-nums;
  }
  progress {
    appearance: none;
    width: min(320px, 60cqi);
    height: 6px;
    border: 0;
    border-radius: 3px;
    overflow: hidden;
    background: rgb(246 238 224 / 0.2);
    accent-color: var(--ochre);
  }
  progress::-webkit-progress-bar {
    background: transparent;
  }
  progress::-webkit-progress-value {
    background: var(--ochre);
    transition: inline-size 0.4s ease;
  }
  progress::-moz-progress-bar {
    background: var(--ochre);
  }
  .notice {
    margin: 14px;
    padding: 5px 14px;
    border-radius: 999px;
    font-size: 13px;
    font-weight: 550;
    background: rgb(var(--umber) / 0.82);
    border: 1px solid rgb(246 238 224 / 0.2);
  }
`;
