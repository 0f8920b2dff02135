import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { startProcess } from '../support/processes';

const ENV = {
  ROLLCALL_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  MONGODB_URI: 'mongodb://127.0.0.1:1/x',
};

describe('a worker whose port for metrics is in use', () => {
  it.each(['ROLLCALL_METRICS_PORT', 'ROLLCALL_TEMPORAL_METRICS_PORT'])(
    'ends with 1 and one line that names %s',
    async (variable) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const worker = startProcess('workers/main.js', {
        ...ENV,
        [variable]: String((other.address() as AddressInfo).port),
      });
      expect(await worker.ended).toBe(1);
      expect(worker.output()).toMatch(
        new RegExp(`^rollcall worker: metrics (of Temporal )?cannot be shown on .*${variable}.*\n$`)
      );
      other.close();
    }
  );
});
