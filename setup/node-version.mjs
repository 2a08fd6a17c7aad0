/**
 * Stops an old Node with one line. Imported before everything else and written in old syntax, so that an old Node
 * can read it at all.
 */
const required = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < required[0] || (major === required[0] && minor < required[1])) {
  process.stderr.write(
    'azr needs Node ' +
      required.join('.') +
      ' or newer, and this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Install a newer one, from https://nodejs.org for instance.\n',
  );
  process.exit(1);
}
