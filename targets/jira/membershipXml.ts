import type { GroupContent } from '../../domain/nesting';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** The tags of the document in their order; anything between them is white space. */
const TAG = /<(\/?)(memberships|membership|users|groups|user|group)\b((?:[^>"]|"[^"]*")*)>/g;

/**
 * Reads `<memberships><membership group="g"><users><user name="u"/></users><groups><group name="c"/></groups></membership>
 * </memberships>`. Null for a text that is something else or ends early: half a list would look like lost memberships.
 */
export function parseMemberships(xml: string): readonly GroupContent[] | null {
  const found: { group: string; usernames: string[]; groups: string[] }[] = [];
  let closed = false;
  for (const [, slash = '', tag = '', attributes = ''] of xml.matchAll(TAG)) {
    const open = found.at(-1);
    if (tag === 'memberships') {
      closed ||= slash === '/' || attributes.endsWith('/');
    } else if (tag === 'membership') {
      if (slash === '') found.push({ group: attribute(attributes, 'group'), usernames: [], groups: [] });
    } else if (slash === '' && tag === 'user') open?.usernames.push(attribute(attributes, 'name'));
    else if (slash === '' && tag === 'group') open?.groups.push(attribute(attributes, 'name'));
  }
  if (!closed || found.some(({ group }) => group === '')) return null;
  return found;
}

function attribute(attributes: string, name: string): string {
  const text = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole: string, hex?: string, decimal?: string, word?: string) => {
      if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return ENTITIES[word ?? ''] ?? whole;
    }
  );
}
