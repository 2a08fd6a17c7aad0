// Lints the texts that standard input gives as JSON, `{file: text}`, and prints the messages: `{file: [message]}`.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import typescript from 'typescript-eslint';

const eslint = new ESLint({
  cwd: resolve(import.meta.dirname, '..', '..'),
  // Rules that need types read the whole program: seconds, and none of them is meant here.
  overrideConfig: [typescript.configs.disableTypeChecked],
});
const messages = {};
for (const [filePath, text] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  const [result] = await eslint.lintText(text, { filePath });
  messages[filePath] = result.messages.map(({ message }) => message);
}
process.stdout.write(JSON.stringify(messages));
