import { type ErrorCode, HoldfastError, isHoldfastError } from '../../core/errors.ts';
import { isVendorError, type VendorError } from './kafka-wire.ts';

/** Answers after which the same request may succeed, perhaps at another broker; kafkajs's own table is older. */
const passingCodes = new Set([
  2, 3, 5, 6, 7, 9, 13, 14, 15, 16, 19, 20, 41, 56, 74, 75, 76, 78, 89, 100, 103,
]);

const passingNames = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
]);

export const isPassing = (error: unknown): boolean => {
  if (!isVendorError(error)) return false;
  return typeof error.code === 'number' && error.name === 'KafkaJSProtocolError'
    ? passingCodes.has(error.code)
    : passingNames.has(error.name);
};

/** Of a broker that did not take the connection, or did not answer, in time. */
export const isTimeout = (error: unknown): boolean =>
  isVendorError(error) &&
  (error.name === 'KafkaJSRequestTimeoutError' || error.message === 'Connection timeout');

/** Translates what kafkajs says, or a broker, at a port. What is ours already passes through. */
export const toKafkaFault = (error: unknown, context: { what: string; code?: ErrorCode }): unknown => {
  if (isHoldfastError(error) || !isVendorError(error)) return error;
  const detail = `${context.what}: ${describe(error)}`;
  return new HoldfastError(context.code ?? 'LogUnavailable', { detail }, { cause: error });
};

const describe = (error: VendorError): string => {
  const said = `${error.message.replace(/\.$/, '')}.`;
  if (error.name.includes('SASL') || error.type?.includes('SASL')) {
    return `${said} Check the user name, the password and the SASL mechanism.`;
  }
  if (error.name.includes('Connection')) {
    return `${said} Check the brokers' addresses, that they run, and whether they expect TLS.`;
  }
  if (error.type?.includes('AUTHORIZATION')) return `${said} Check the access rules of this client's user.`;
  return said;
};
