// Owns a database in the home that it is given, says so, and waits to be killed.
const { openHome } = require('../../dist/embedded/home');
const { startPostgres } = require('../../dist/embedded/postgres');

openHome(process.argv[2])
  .then((home) => startPostgres(home))
  .then(({ connection }) => process.stdout.write(`${JSON.stringify({ ready: true, connection })}\n`));
process.stdin.resume();
