import { Client } from '@elastic/elasticsearch';

/** The vendor's client as it comes, without repetitions. */
export const openClient = (node: string): Client => new Client({ node, maxRetries: 0 });

/** One `_bulk`; rejects if any of its documents was refused. */
export const postBulk = async (client: Client, index: string, lines: string): Promise<void> => {
  const answer = await client.transport.request<{ errors: boolean }>({
    method: 'POST',
    path: `/${index}/_bulk`,
    querystring: { filter_path: 'errors' },
    bulkBody: lines,
  });
  if (answer.errors) throw new Error('Elasticsearch refused a document.');
};
