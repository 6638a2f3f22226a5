import { svg } from 'lit';
import { icon } from '../../player/controls/icons.ts';

export const microphoneIcon = icon(
  svg`<rect x="9" y="3.5" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3" />`,
);
export const microphoneOffIcon = icon(
  svg`<path d="M15 10.5v-4a3 3 0 0 0-5.8-1M9 9v2.500a3 3 0 0 0 4.6 2.500M5.5 11.500a6.5 6.5 0 0 0 10.5 5.100M18.3 13.200c.1-.5.2-1.1.2-1.700M12 18v3M4 3.500l16 17" />`,
);
export const cameraIcon = icon(
  svg`<rect x="3" y="6.5" width="12.5" height="11" rx="2.5" /><path d="M15.5 10.800l5.5-3v8.400l-5.5-3" />`,
);
export const cameraOffIcon = icon(
  svg`<path d="M8.5 6.500H13a2.5 2.5 0 0 1 2.5 2.500v1.800l5.5-3v8.400M15.5 15v0a2.5 2.5 0 0 1-2.5 2.500H5.500A2.5 2.5 0 0 1 3 15V9a2.5 2.5 0 0 1 1.7-2.300M4 3.500l16 17" />`,
);
export const screenIcon = icon(
  svg`<rect x="3" y="4.5" width="18" height="12" rx="2" /><path d="M9 20.500h6M12 16.500v4" />`,
);
export const turnIcon = icon(
  svg`<path d="M4.5 11a7.6 7.6 0 0 1 13.2-4L20 9.500M20 4.500v5h-5M19.5 13a7.6 7.6 0 0 1-13.2 4L4 14.500M4 19.500v-5h5" />`,
);
export const linkIcon = icon(
  svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.100a4 4 0 0 0-5.7-5.700L12 6.300M14 10a4 4 0 0 0-5.7 0l-3.1 3.100a4 4 0 0 0 5.7 5.700l1.1-1.1" />`,
);
export const embedIcon = icon(
  svg`<path d="M8.5 7.500L4 12l4.500 4.500M15.500 7.500L20 12l-4.500 4.500M13.300 5.500l-2.600 13" />`,
);
