import type { FileHandle } from 'node:fs/promises';

/** Bytes read at once: a page is about twice that, and what is read beyond it is parsed for nothing. */
export const CHUNK_BYTES = 16 * 1024;

/** The bytes of a file from an offset on. The handle stays open. */
export async function* chunksOf(handle: FileHandle, offset: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let at = offset; ;) {
    signal.throwIfAborted();
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
