/** Speaks to Elasticsearch directly; an answer of 400 or more is an error. */
export const ask = async <T>(
  url: string,
  [method, path]: readonly [string, string],
  body?: object | string,
): Promise<T> => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    ...(text === undefined ? {} : { body: text, headers: { 'content-type': 'application/json' } }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer.slice(0, 500)}`);
  return (answer === '' ? {} : JSON.parse(answer)) as T;
};
