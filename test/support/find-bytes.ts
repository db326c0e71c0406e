import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const search = `
  const { readdirSync, readFileSync } = require('node:fs');
  const [folder, ...texts] = process.argv.slice(1);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.parentPath + '/' + entry.name);
  const found = new Set();
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const text of texts) if (bytes.includes(text)) found.add(text);
  }
  console.log(JSON.stringify([...found]));`;

/**
 * Which of the texts occur in any file under the folder, as bytes. In a child process: opening and closing a database
 * file here would drop the locks SQLite holds on it in this process.
 */
export const findBytes = async (folder: string, texts: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await run(process.execPath, ['-e', search, folder, ...texts]);
  return JSON.parse(stdout) as readonly string[];
};
