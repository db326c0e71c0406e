/**
 * What each member of a hosted interface is, so that both sides of the thread border agree without guessing.
 * A missing or wrong member does not compile.
 */
export type Shape<T> = { readonly [K in keyof T & string]: MemberShape<T[K]> };

type MemberShape<M> = M extends (...args: never[]) => infer R
  ? R extends AsyncIterable<unknown>
    ? 'stream'
    : R extends Promise<infer V>
      ? V extends AsyncDisposable
        ? { readonly object: Shape<V> }
        : 'call'
      : never
  : 'constant';

/** A shape without its type, as the runtime walks it. */
export type LooseShape = { readonly [member: string]: LooseMember };
export type LooseMember = 'call' | 'stream' | 'constant' | { readonly object: LooseShape };

export const constantsOf = (shape: LooseShape): readonly string[] =>
  Object.keys(shape).filter((member) => shape[member] === 'constant');
