const OLDEST = [20, 19];

/** Ends with one clear line on a Node that is too old; a dependency would fail somewhere, in its own words. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    console.error(
      `Rollcall needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node}. Get it from nodejs.org.`
    );
    process.exit(1);
  }
}
