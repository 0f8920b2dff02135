/** What one step of the connection test found. */
export interface Finding {
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it; on a step that is ok: a warning. */
  readonly remedy: string | null;
}

export const good = (detail: string, remedy: string | null = null): Finding => ({ ok: true, detail, remedy });
export const bad = (detail: string, remedy: string): Finding => ({ ok: false, detail, remedy });
