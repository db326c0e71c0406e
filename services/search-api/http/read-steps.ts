import type { z } from 'zod';
import type { RebuildLine, VerifyLine } from '../../../schemas/api/http-bodies.ts';
import type { Steps } from '../archive.ts';
import { type ServerAddress, unlike } from './call-server.ts';
import { errorOfProblem } from './problems.ts';

type Line = z.output<typeof VerifyLine> | z.output<typeof RebuildLine>;

/** The lines of a streamed answer as steps; a problem at its end is thrown, a missing end as well. */
export async function* readSteps<Report>(
  server: ServerAddress,
  schema: z.ZodType<Line>,
  report: z.ZodType<Report>,
  response: Response,
): Steps<Report> {
  for await (const text of linesOf(response)) {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) throw unlike(server, 'A line of its answer is not as expected.', parsed.error);
    const line = parsed.data;
    if (line.kind === 'problem') throw errorOfProblem(line.problem);
    if (line.kind === 'progress') yield line;
    else {
      yield { kind: 'report', report: report.parse(line.report) };
      return;
    }
  }
  throw unlike(server, 'Its answer ended before the report.');
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of response.body ?? []) {
    pending += decoder.decode(chunk, { stream: true });
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    yield* lines;
  }
}
