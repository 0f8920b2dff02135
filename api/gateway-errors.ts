/** The connector's workflow said no; `type` is one of REFUSED in workflows/messages.ts. Messages hold no personal data. */
export class UpdateRefused extends Error {
  override readonly name = 'UpdateRefused';
  constructor(
    readonly type: string,
    message: string
  ) {
    super(message);
  }
}

/** More requests are under way than the workflow takes at once (durability 5.2). */
export class WorkflowBusy extends Error {
  override readonly name = 'WorkflowBusy';
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds = 2;
}

/** Temporal cannot be reached, or has not the namespace. Nothing was changed. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
}
