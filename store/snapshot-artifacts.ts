import { sliceOf, snapshotId } from '../domain/ids';
import { findByIds, putAll } from './mongo';
import type { SnapshotDocument, Snapshots } from './snapshot-document';
import { fromText, toText } from './text';

/** A document holds at most 16 MB, a character at most 3 bytes: so long a text fits four times. */
const PART_LENGTH = 1_000_000;
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/;

/** Cuts a text, but never through a character. */
function cut(text: string): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const part = text.slice(at, at + PART_LENGTH);
    const whole = HIGH_SURROGATE.test(part) && at + PART_LENGTH < text.length ? part.slice(0, -1) : part;
    parts.push(whole);
    at += whole.length;
  }
  return parts;
}

const partId = (runId: string, name: string, part: number): string => snapshotId(runId, 'artifact', `${name}#${part}`);

/** The first part goes last: it says how many there are. */
export async function putArtifact(snapshots: Snapshots, runId: string, name: string, value: unknown): Promise<void> {
  const texts = cut(toText(value));
  const documents = texts.map((record, part): SnapshotDocument => {
    const key = `${name}#${part}`;
    const document = { _id: partId(runId, name, part), runId, kind: 'artifact', slice: sliceOf(key), key } as const;
    return { ...document, record, ...(part === 0 ? { parts: texts.length } : {}) };
  });
  for (const document of documents.reverse()) await putAll(snapshots, [document]);
}

/** @returns the value, or null when there is none @throws Error when a part of it is missing */
export async function readArtifact(snapshots: Snapshots, runId: string, name: string): Promise<unknown> {
  const first = await snapshots.findOne({ _id: partId(runId, name, 0) });
  if (!first) return null;
  const ids = Array.from({ length: first.parts ?? 1 }, (_, part) => partId(runId, name, part));
  const byId = new Map((await findByIds(snapshots, ids)).map(({ _id, record }) => [_id, record]));
  const texts = ids.map((id) => {
    const text = byId.get(id);
    if (text === undefined) throw new Error(`artifact ${name} of run ${runId} lacks a part`);
    return text;
  });
  return fromText(texts.join(''));
}
