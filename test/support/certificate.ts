import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Certificate {
  /** Who trusts it, trusts the certificate: it signs itself. */
  readonly certificatePath: string;
  /** PKCS 8, not encrypted. */
  readonly keyPath: string;
  /** Key and certificate in one file, as Kafka wants its PEM keystore. */
  readonly keyAndCertificatePath: string;
}

/** A certificate of 127.0.0.1 and localhost that is valid for a day, made with openssl. */
export const makeCertificate = async (folder: string): Promise<Certificate> => {
  const keyPath = join(folder, 'tls.key');
  const certificatePath = join(folder, 'tls.crt');
  const keyAndCertificatePath = join(folder, 'tls.pem');
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext'.split(' ');
  await execute('openssl', [...request, names, '-keyout', keyPath, '-out', certificatePath]);
  const both = await Promise.all([keyPath, certificatePath].map((path) => readFile(path, 'utf8')));
  await writeFile(keyAndCertificatePath, both.join(''), { mode: 0o600 });
  return { certificatePath, keyPath, keyAndCertificatePath };
};
