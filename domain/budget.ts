/** Longest text that a step of a mapping makes or a pattern reads, in UTF-16 units. */
export const TEXT_LIMIT = 65_536;
/** Steps that one attribute, or one condition, of one person may take. A step is bounded work, well under a microsecond. */
export const STEP_LIMIT = 100_000;

/** Steps that everything about one person may take together: mapping, scope and conditions. */
export const PERSON_STEP_LIMIT = 300_000;

const UNITS_PER_STEP = 32;

/** Work that would have gone on beyond the bounds. The text says which bound, never what was worked on. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/** Counts the work done for one attribute or condition: what costs time is spent here before it is done. */
export class Budget {
  private left: number;
  /** `within`: a larger budget that is spent with this one. */
  constructor(
    private readonly limit = STEP_LIMIT,
    private readonly within: Budget | null = null
  ) {
    this.left = limit;
  }

  /** Steps spent so far. */
  get spent(): number {
    return this.limit - this.left;
  }

  /** @throws LimitError when the steps are used up */
  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new LimitError(`takes more than ${this.limit} steps`);
    this.within?.spend(steps);
  }

  /**
   * Spends what going over `length` units or entries costs.
   * @throws LimitError
   */
  pass(length: number): void {
    this.spend(Math.ceil(length / UNITS_PER_STEP));
  }

  /**
   * Spends what making a text of this length costs; asked before it is made.
   * @throws LimitError when it would be too long
   */
  make(length: number): void {
    this.fit(length);
    this.pass(length);
  }

  /** @throws LimitError when a text of this length would be too long */
  fit(length: number): void {
    if (length > TEXT_LIMIT) throw new LimitError(`makes a text of more than ${TEXT_LIMIT} characters`);
  }
}
