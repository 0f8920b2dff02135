import { UpdateUnanswered, deliver } from '../../api/delivery';
import { TemporalUnavailable, UpdateRefused } from '../../api/gateway-errors';

type Attempt = () => Promise<{ readonly answer: string } | null>;

function order(attempts: readonly Attempt[], more: { readonly within?: number; readonly follow?: number } = {}) {
  const abort = new AbortController();
  let tried = 0;
  const attempt: Attempt = () => {
    const next = attempts[Math.min(tried, attempts.length - 1)]!;
    tried += 1;
    return next();
  };
  const options = {
    attempt,
    answerWithinMs: more.within ?? 5_000,
    followForMs: more.follow ?? 60_000,
    signal: abort.signal,
  };
  return { abort, options, tried: () => tried };
}
const answer = (text: string) => Promise.resolve({ answer: text });
const never = () => new Promise<null>(() => undefined);

describe('deliver', () => {
  it('hands on an answer that comes in time', async () => {
    const { options } = order([() => answer('run-1')]);
    expect(await deliver(options)).toEqual({ status: 'done', answer: 'run-1' });
  });

  it('hands on a refusal that comes in time', async () => {
    const { options } = order([() => Promise.reject(new UpdateRefused('x', 'no'))]);
    await expect(deliver(options)).rejects.toBeInstanceOf(UpdateRefused);
  });

  it('says later when time is up, and goes on waiting for the answer', async () => {
    let come: (value: { answer: string }) => void = () => undefined;
    const { options } = order([() => new Promise((resolve) => (come = resolve))], { within: 0 });
    const delivery = await deliver(options);
    expect(delivery.status).toBe('later');
    come({ answer: 'run-2' });
    if (delivery.status === 'later') expect(await delivery.settled).toEqual({ answer: 'run-2' });
  });

  it('asks again when a call ended without an answer', async () => {
    const { options, tried } = order([() => Promise.resolve(null), () => answer('run-3')]);
    expect(await deliver(options)).toEqual({ status: 'done', answer: 'run-3' });
    expect(tried()).toBe(2);
  });

  it('after "later", outlives that Temporal is away for a moment', async () => {
    const away = () => Promise.reject(new TemporalUnavailable('away'));
    const { options } = order([() => Promise.resolve(null), away, () => answer('run-4')], { within: 0 });
    const delivery = await deliver(options);
    if (delivery.status === 'later') expect(await delivery.settled).toEqual({ answer: 'run-4' });
    expect(delivery.status).toBe('later');
  });

  it('gives up, and says so, when nobody answers for the whole time', async () => {
    const { options } = order([() => Promise.resolve(null)], { within: 0, follow: 1 });
    const delivery = await deliver(options);
    if (delivery.status === 'later') await expect(delivery.settled).rejects.toBeInstanceOf(UpdateUnanswered);
    expect(delivery.status).toBe('later');
  });

  it('ends without a word when the process stops', async () => {
    const { options, abort } = order([() => Promise.resolve(null), never], { within: 0 });
    const delivery = await deliver(options);
    abort.abort();
    if (delivery.status === 'later') expect(await delivery.settled).toBeNull();
    expect(delivery.status).toBe('later');
  });
});
