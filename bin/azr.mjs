#!/usr/bin/env node
// Sets up what is missing, then runs the command in this same process.
import '../setup/node-version.mjs';

import('../setup/setup.mjs').then(({ setUpOrExit }) => setUpOrExit()).then(() => import('../dist/main.js'));
