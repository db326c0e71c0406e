const transfers = new WeakMap<object, readonly ArrayBuffer[]>();

/**
 * Marks buffers of a call's only argument, or of its result, to be moved instead of copied when it crosses the
 * thread border. The sender must own them: they are empty afterwards.
 */
export const withTransfer = <T extends object>(value: T, buffers: readonly ArrayBuffer[]): T => {
  transfers.set(value, buffers);
  return value;
};

export const transfersOf = (value: unknown): readonly ArrayBuffer[] =>
  (typeof value === 'object' && value !== null && transfers.get(value)) || [];
