import { pick, type Random } from './random';

/** A person as a directory would describe it. The display name keeps its script, the username is ASCII. */
export interface Person {
  readonly username: string;
  readonly displayName: string;
  readonly emailAddress: string;
}

/** Written name and its Latin form; several scripts, because length, case and sorting differ between them. */
type Name = readonly [written: string, latin: string];

const GIVEN_NAMES: readonly [Name, ...Name[]] = [
  ['Amélie', 'amelie'],
  ['Björn', 'bjorn'],
  ['Chidi', 'chidi'],
  ['Δήμητρα', 'dimitra'],
  ['Елена', 'elena'],
  ['Farida', 'farida'],
  ['Gülşen', 'gulsen'],
  ['Hannah', 'hannah'],
  ['Ivo', 'ivo'],
  ['Jiří', 'jiri'],
  ['कमला', 'kamala'],
  ['Luís', 'luis'],
  ['محمد', 'muhammad'],
  ['נועה', 'noa'],
  ['Øystein', 'oystein'],
  ['Paweł', 'pawel'],
  ['さくら', 'sakura'],
  ['Thị Mai', 'mai'],
  ['伟', 'wei'],
  ['지우', 'jiwoo'],
];

const SURNAMES: readonly [Name, ...Name[]] = [
  ['Åkesson', 'akesson'],
  ['Bianchi', 'bianchi'],
  ['Çelik', 'celik'],
  ['D’Arcy', 'darcy'],
  ['Ferreira', 'ferreira'],
  ['Γεωργίου', 'georgiou'],
  ['حداد', 'haddad'],
  ['Иванова', 'ivanova'],
  ['김', 'kim'],
  ['Łukasik', 'lukasik'],
  ['Müller', 'muller'],
  ['Nguyễn', 'nguyen'],
  ['O’Neill', 'oneill'],
  ['Quispe', 'quispe'],
  ['शर्मा', 'sharma'],
  ['田中', 'tanaka'],
  ['Umarov', 'umarov'],
  ['van der Berg', 'vanderberg'],
  ['王', 'wang'],
  ['Zieliński', 'zielinski'],
];

/** The number makes the username unique; equal numbers and random sequences give equal people. */
export function createPerson(random: Random, number: number): Person {
  const [given, givenLatin] = pick(random, GIVEN_NAMES);
  const [surname, surnameLatin] = pick(random, SURNAMES);
  const username = `${givenLatin}.${surnameLatin}.${number}`;
  return { username, displayName: `${given} ${surname}`, emailAddress: `${username}@example.com` };
}
