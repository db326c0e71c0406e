export * from './archive/index-document.ts';
export * from './archive/item.ts';
export * from './archive/ledger.ts';
export * from './events/audit-event.ts';
export * from './events/governance-event.ts';
export * from './events/im-event.ts';
export * from './events/participant.ts';
export * from './ids.ts';
