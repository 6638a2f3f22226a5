export * from './broadcasting.ts';
export * from './channel.ts';
export * from './errors.ts';
export * from './media.ts';
export * from './notifications.ts';
export * from './protocol.ts';
export * from './requests.ts';
export * from './viewing.ts';
