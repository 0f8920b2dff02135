import { connector, connectorIssues, schema } from './support';

const DAY = { kind: 'creates', count: 900, from: '2026-08-31', to: '2026-09-01', reason: 'school year' };
const parsed = (...exceptions: object[]) =>
  schema.parseConnector(connector({ safety: { exceptions } })).safety.exceptions;
const messages = (exception: object): readonly string[] =>
  connectorIssues({ safety: { exceptions: [exception] } }).map(({ path, message }) => `${path}: ${message}`);

describe('safety.exceptions (rule 4.5)', () => {
  it('takes days, the last one included, and times', () => {
    expect(parsed(DAY)).toEqual([{ ...DAY, from: '2026-08-31T00:00:00.000Z', to: '2026-09-02T00:00:00.000Z' }]);
    const [times] = parsed({ ...DAY, from: '2026-08-31T06:00:00Z', to: '2026-08-31T18:00:00Z' });
    expect(times).toMatchObject({ from: '2026-08-31T06:00:00.000Z', to: '2026-08-31T18:00:00.000Z' });
  });

  it('is read back as it was parsed', () => {
    expect(parsed(...parsed(DAY))).toEqual(parsed(DAY));
  });

  it.each([
    [{ ...DAY, percent: 5 }, 'safety.exceptions[0].count: give either count or percent'],
    [{ ...DAY, count: undefined }, 'safety.exceptions[0].count: give either count or percent'],
    [{ ...DAY, to: '2026-08-30' }, 'safety.exceptions[0].to: must be after from'],
    [{ ...DAY, to: '2026-12-01' }, 'safety.exceptions[0].to: must be at most 31 days after from'],
    [{ ...DAY, from: 'tomorrow' }, expect.stringContaining('safety.exceptions[0].from: must be a day such as')],
    [{ ...DAY, kind: 'create' }, expect.stringContaining('safety.exceptions[0].kind: must be one of disabled')],
    [{ ...DAY, reason: ' ' }, 'safety.exceptions[0].reason: must not be empty'],
    [{ ...DAY, until: 'x' }, expect.stringContaining('safety.exceptions[0].until: unknown key')],
  ])('refuses %j and says what is wrong', (exception, message) => {
    expect(messages(exception)).toContainEqual(message);
  });
});
