#!/usr/bin/env -S node --max-semi-space-size=4
import { runCli } from './run-cli.ts';

process.exitCode = await runCli(process.argv.slice(2), process.env);
