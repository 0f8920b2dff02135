import { pictureFrom } from '../../activities/picture';

const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64');
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');
const GIF = Buffer.from('4749463839610100', 'hex').toString('base64');

describe('pictureFrom', () => {
  it.each([
    ['PNG', PNG, 'image/png'],
    ['JPEG', JPEG, 'image/jpeg'],
    ['GIF', GIF, 'image/gif'],
    ['a data URL', `data:image/png;base64,${PNG}`, 'image/png'],
    ['Base64 in lines', `${PNG.slice(0, 4)}\n${PNG.slice(4)}`, 'image/png'],
  ])('knows %s', (_, text, type) => {
    expect(pictureFrom(text)?.type).toBe(type);
  });

  it('goes by the bytes, not by what the data URL says', () => {
    expect(pictureFrom(`data:image/png;base64,${JPEG}`)?.type).toBe('image/jpeg');
  });

  it.each(['https://photos.example.com/1.png', 'PHN2Zz48L3N2Zz4=', '', 'data:text/html;base64,PGh0bWw+', 'Zm9v!'])(
    'takes nothing else: %s',
    (text) => {
      expect(pictureFrom(text)).toBeNull();
    }
  );

  it('reads 2 MB of anything in linear time', () => {
    expect(pictureFrom('A='.repeat(1_000_000))).toBeNull();
    expect(pictureFrom(`${' '.repeat(2_000_000)}!`)).toBeNull();
  });
});
