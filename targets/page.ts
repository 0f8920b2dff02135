/** A part of a listing; the cursor says where it goes on, null that it is over. */
export interface TargetPage<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}
