/** @import { Certificate } from '../../../schemas/archive/ledger.ts' */
import { element } from './elements.js';
import { formatNumber, formatTime, say } from './language.js';

/**
 * The certificate in words, with the JSON it says it from.
 * @param {Certificate} certificate
 */
export const certificateView = (certificate) => {
  const { itemsCovered: items, pending, quarantined } = certificate;
  const isComplete = pending === 0 && quarantined === 0;
  return element(
    'details',
    { class: isComplete ? 'certificate complete' : 'certificate gaps' },
    element(
      'summary',
      {},
      element('strong', {}, say('certificate')),
      ' ',
      isComplete
        ? say('certificateComplete', { items })
        : say('certificateGaps', { items, pending, quarantined }),
    ),
    element('p', { class: 'hint' }, say('certificateLead')),
    element('dl', {}, ...rowsOf(certificate)),
    element(
      'details',
      { class: 'json' },
      element('summary', {}, say('showJson')),
      element('pre', { tabindex: '0' }, JSON.stringify(certificate, null, 2)),
    ),
  );
};

/** @param {Certificate} certificate */
const rowsOf = (certificate) => {
  const { vector, head } = certificate;
  return [
    ...row(
      say('certificateUpTo'),
      vector.offsets.map((offset, n) => say('certificatePartition', { n: String(n), offset })),
    ),
    ...row(say('certificateItems'), [formatNumber(certificate.itemsCovered)]),
    ...row(say('certificatePending'), [formatNumber(certificate.pending)]),
    ...row(say('certificateQuarantined'), [formatNumber(certificate.quarantined)]),
    ...row(say('certificateUndetermined'), [formatNumber(certificate.undetermined)]),
    ...row(say('certificateNow'), [`${formatTime(vector.now, vector.timeZone)} (${vector.timeZone})`]),
    ...row(say('certificateHead'), head === undefined ? [say('certificateNoHead')] : headLines(certificate)),
    ...row(say('certificateGovernance'), [formatNumber(vector.governanceOffset)]),
    ...row(say('certificateAnalyzer'), [String(vector.analyzerVersion)]),
    ...row(say('certificateAudit'), [formatNumber(certificate.auditOffset)]),
    ...row(say('certificateInstallation'), [certificate.installation]),
  ];
};

/** @param {Certificate} certificate */
const headLines = ({ head, vector }) => {
  if (head === undefined) return [];
  const when = formatTime(head.signedAt, vector.timeZone);
  return [
    say('certificateSigned', { when, key: head.keyId, signature: shortened(head.signature) }),
    ...head.heads
      .filter(({ stream }) => stream === 'im')
      .map(({ partition, size, root }) =>
        say('certificateTree', { n: String(partition), size, root: shortened(root) }),
      ),
  ];
};

/** @param {string} text */
const shortened = (text) => (text.length > 16 ? `${text.slice(0, 16)}…` : text);

/**
 * @param {string} term
 * @param {readonly string[]} lines
 */
const row = (term, lines) => [element('dt', {}, term), ...lines.map((line) => element('dd', {}, line))];
