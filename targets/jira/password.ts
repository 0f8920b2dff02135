import { randomInt } from 'node:crypto';

const LENGTH = 40;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!*+';
/** What password policies may ask for. */
const DEMANDED = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];

/** Forty random characters that nobody is told (rules 5.3), with a capital, a small letter, a digit and a sign. */
export function randomPassword(): string {
  for (;;) {
    const password = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
    if (DEMANDED.every((pattern) => pattern.test(password))) return password;
  }
}
