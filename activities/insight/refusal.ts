/** A task that cannot be carried out; the API answers with this kind of problem. */
export class TaskRefusal extends Error {
  override readonly name = 'TaskRefusal';
  constructor(
    readonly problem: 'not-found' | 'ambiguous-user' | 'refused',
    message: string
  ) {
    super(message);
  }
}
