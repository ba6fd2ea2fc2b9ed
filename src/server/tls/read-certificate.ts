import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { FieldError } from '../../domain/errors.js';
import { failure, success, type Result } from '../../domain/result.js';

/** Where certificate and key are. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** What a server needs for TLS, and until when it will do. */
export interface Certificate {
  readonly options: SecureContextOptions;
  readonly expiresMs: number;
}

/** Reads a certificate and its key. Fails where one cannot be read or they do not belong together; never tells the key. */
export function readCertificate({ certificateFile, keyFile }: CertificateFiles): Result<Certificate> {
  const cert = readPem('server.tls.certificateFile', certificateFile);
  const key = readPem('server.tls.keyFile', keyFile);
  if (!cert.ok || !key.ok) return failure([...(cert.ok ? [] : cert.errors), ...(key.ok ? [] : key.errors)]);
  const options: SecureContextOptions = { cert: cert.value, key: key.value, minVersion: 'TLSv1.2' };
  let expires: string;
  try {
    expires = new X509Certificate(cert.value).validTo;
  } catch {
    return failure([
      fileError('server.tls.certificateFile', certificateFile, 'expected a certificate in PEM'),
    ]);
  }
  try {
    createSecureContext(options);
  } catch {
    const expected = 'expected the private key of the certificate in PEM, without a passphrase';
    return failure([fileError('server.tls.keyFile', keyFile, expected)]);
  }
  return success({ options, expiresMs: Date.parse(expires) });
}

function readPem(path: string, file: string): Result<Buffer> {
  try {
    return success(readFileSync(file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    return failure([{ ...fileError(path, file, `the file cannot be read: ${code}`), unreadable: true }]);
  }
}

function fileError(path: string, file: string, message: string): FieldError {
  return { path, message: `${file}: ${message}` };
}
