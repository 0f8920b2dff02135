import { createLogger } from '../../telemetry/log';
import { REDACTED, redactText } from '../../telemetry/redact';

function capture(): { lines: Record<string, unknown>[]; log: ReturnType<typeof createLogger> } {
  const lines: Record<string, unknown>[] = [];
  const destination = {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  };
  return { lines, log: createLogger({ name: 'test', destination }) };
}

describe('createLogger', () => {
  it('writes one structured line with level, time, name and message', () => {
    const { lines, log } = capture();
    log.info({ runId: 'corp-1' }, 'apply batch');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'info', name: 'test', runId: 'corp-1', msg: 'apply batch' });
    expect(lines[0]!.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('replaces the values of secret names at any depth', () => {
    const { lines, log } = capture();
    log.info({ source: { type: 'okta', clientSecret: 's3cret', nested: [{ 'x-api-key': 'k' }] } }, 'save connector');
    expect(lines[0]!.source).toEqual({
      type: 'okta',
      clientSecret: REDACTED,
      nested: [{ 'x-api-key': REDACTED }],
    });
  });

  it('takes e-mail addresses and credentials out of texts, messages and errors', () => {
    const { lines, log } = capture();
    const error = new Error('no account for ada@example.com', { cause: new Error('GET https://u:p@idp.test failed') });
    log.error({ err: error }, 'user ünal.öz@firma.example refused');
    const text = JSON.stringify(lines[0]);
    expect(text).not.toContain('example');
    expect(text).not.toContain('u:p@');
    expect(text).toContain('no account for (e-mail)');
  });

  it('redacts an error that is logged alone', () => {
    const { lines, log } = capture();
    log.error(new Error('Bearer abcdef123456 was refused'));
    expect(JSON.stringify(lines[0])).not.toContain('abcdef123456');
  });

  it('bounds deep and circular objects', () => {
    const { lines, log } = capture();
    const circle: Record<string, unknown> = { name: 'a' };
    circle.self = circle;
    log.info({ circle }, 'log a circle');
    expect(JSON.stringify(lines[0])).toContain('(deeper)');
  });
});

describe('redactText', () => {
  it.each([
    ['mail to a.b+c@corp.example.com now', 'mail to (e-mail) now'],
    ['authorization: Basic YWRtaW46YWRtaW4=', `authorization: Basic ${REDACTED}`],
    ['connect to mongodb://root:pw@db:27017/x', `connect to mongodb://${REDACTED}@db:27017/x`],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });
});
