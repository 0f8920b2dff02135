import { createWriteStream, existsSync } from 'node:fs';
import { fileDefinition } from '../../../connectors/file/definition';
it('perf', async () => {
  const path = '/tmp/perf/big.csv', jpath = '/tmp/perf/big.json';
  if (!existsSync(path)) {
    const w = createWriteStream(path); w.write('id,username,email,givenName,surname,department,title,active,groups\n');
    const j = createWriteStream(jpath); j.write('[');
    for (let n = 0; n < 500000; n++) { if (!w.write(`${n},user${n},user${n}@example.com,Ämelie,Müller,Platform,"Engineer, Senior",true,team-${n % 97};jira-${n % 13};site-${n % 7}\n`)) await new Promise(r => w.once('drain', r));
      if (!j.write((n ? ',\n' : '') + JSON.stringify({ id: n, username: `user${n}`, email: `user${n}@example.com`, givenName: 'Ämelie', surname: 'Müller', active: true, groups: [`team-${n % 97}`, `jira-${n % 13}`] }))) await new Promise(r => j.once('drain', r)); }
    await new Promise(r => w.end(r)); j.write(']'); await new Promise(r => j.end(r));
  }
  for (const p of [path, jpath]) {
    const d = fileDefinition('/'); const prov = d.create(d.settings.parse({ users: p })); const s = new AbortController().signal;
    for (const kind of ['listUsers', 'listGroups', 'listMemberships'] as const) {
      const t = Date.now(); let c: string | null = null, n = 0, pages = 0, peak = 0;
      do { const page: any = await prov[kind](c, s); n += page.items.length; pages++; c = page.cursor; if (pages % 50 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed); } while (c !== null);
      console.log(p, kind, n, pages, Date.now() - t, 'ms', Math.round(peak / 1e6), 'MB heap', Math.round(process.memoryUsage().rss/1e6), 'rss');
    }
    const t = Date.now(); const a = await prov.lookUpUsers(['x'], s); console.log('lookup', [...a.values()], Date.now() - t);
  }
}, 600000);
