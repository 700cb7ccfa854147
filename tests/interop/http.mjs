// HTTP message signatures of SAGE profile P1 §3, written from the profile alone. For tests only.
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import * as s from './sage.mjs';
import * as c from './crypto.mjs';

export const PATH = '/signed-echo';
export const seconds = (offset = 0) => Math.floor(Date.now() / 1000) + offset;
export const digestOf = (body) => `sha-256=:${c.sha256(body).toString('base64')}:`;
export const algOf = (self) => (self.algorithm === 'secp256k1' ? 'es256k' : 'ed25519');
const linesOf = (message, name) => message.fields.filter(([n]) => n.toLowerCase() === name).map(([, v]) => v.trim());

// A message is { method, scheme, host, target } or { status }, with fields [[name, value]] and a body.
function valueOf(component, message, request) {
  const [, name, parameters] = /^"([^"]+)"(.*)$/.exec(component), source = parameters === ';req' ? request : message;
  if (parameters !== '' && parameters !== ';req') throw new Error('a component with parameters: ' + component);
  switch (name) {
    case '@method': return source.method;
    case '@authority': return source.host.toLowerCase();
    case '@scheme': return source.scheme;
    case '@target-uri': return source.target.startsWith('http') ? source.target : `${source.scheme}://${source.host}${source.target}`;
    case '@request-target': return source.target;
    case '@path': return source.target.split('?')[0];
    case '@query': return '?' + (source.target.split('?')[1] ?? '');
    case '@status': return String(source.status);
    default: { const lines = linesOf(source, name); if (!lines.length) throw new Error('no field ' + name); return lines.join(', '); }
  }
}
export const baseOf = (covered, parameters, message, request) => [...covered.map((x) => `${x}: ${valueOf(x, message, request)}`), `"@signature-params": ${parameters}`].join('\n');

// The strict coverage of a request and a response, in the order of §3.3 and §3.4.
export const requestCoverage = (m) => ['"@method"', '"@target-uri"', '"@authority"', ...(m.body.length ? ['"content-type"', '"content-digest"'] : []), '"x-sage-did"', '"date"'];
export const responseCoverage = (m, request) => ['"@status"', '"@method";req', '"@target-uri";req', '"@authority";req',
  ...(linesOf(request, 'content-digest').length ? ['"content-digest";req'] : []), ...(linesOf(request, 'signature').length ? ['"signature";req'] : []),
  ...(linesOf(m, 'content-type').length ? ['"content-type"'] : []), ...(m.body.length ? ['"content-digest"'] : [])];

export function makeRequest(self, host, { body = Buffer.from('{"hello":"wörld"}'), method = 'POST', target = PATH, type = 'application/json' } = {}) {
  const fields = [['Host', host], ...(body.length ? [['Content-Type', type], ['Content-Digest', digestOf(body)]] : []), ['X-SAGE-DID', self.did], ['Date', new Date().toUTCString()]];
  return { method, scheme: 'http', host, target, fields, body };
}
// What is changed is told by name; `parameters` gets the text that follows the list.
export function sign(self, message, { request, covered = message.status ? responseCoverage(message, request) : requestCoverage(message), keyid = self.did + '#key-1', alg = algOf(self), created = seconds(),
  expires, nonce = message.status ? null : randomUUID(), tag, label = 'sig1', text = (t) => t, signer = self, base = (b) => b } = {}) {
  const parts = [keyid && `;keyid="${keyid}"`, alg && `;alg="${alg}"`, created !== null && `;created=${created}`, expires && `;expires=${expires}`, nonce !== null && `;nonce="${nonce}"`, tag && `;tag="${tag}"`];
  const parameters = text(`(${covered.join(' ')})${parts.filter(Boolean).join('')}`);
  const signature = signer.sign(Buffer.from(base(baseOf(covered, parameters, message, request))));
  message.fields.push(['Signature-Input', `${label}=${parameters}`], ['Signature', `${label}=:${signature.toString('base64')}:`]);
  return message;
}
const check = (ok, what) => { if (!ok) throw new Error('signature: ' + what); };
// Verifies the only signature of a message under the strict rule; returns the DID that made it.
export function verify(registry, message, request) {
  const [, label, parameters] = /^([a-z0-9_*.-]+)=(\(.*)$/.exec(linesOf(message, 'signature-input').join(', ')) ?? [];
  const [, name, encoded] = /^([a-z0-9_*.-]+)=:([A-Za-z0-9+/=]+):$/.exec(linesOf(message, 'signature').join(', ')) ?? [];
  check(label && label === name, 'the two fields');
  const [, list, rest] = /^\(([^)]*)\)(.*)$/.exec(parameters), covered = list.split(' ').filter(Boolean);
  const parameter = (key, pattern) => new RegExp(`;${key}=${pattern}(?:;|$)`).exec(rest)?.[1];
  const created = Number(parameter('created', '([0-9]+)')), keyid = parameter('keyid', '"([^"]*)"'), alg = parameter('alg', '"([^"]*)"');
  check(seconds() - created <= 300 && created <= seconds(300), 'created');
  const required = message.status ? ['"@status"', '"@method";req', '"@target-uri";req', '"@authority";req', ...(request.body.length ? ['"content-digest";req'] : [])] : ['"@method"', '"@target-uri"', '"@authority"'];
  for (const component of [...required, ...(message.body.length ? ['"content-digest"'] : [])]) check(covered.includes(component), component + ' is not covered');
  check(message.status || parameter('nonce', '"([^"]+)"'), 'nonce');
  const [did, fragment] = keyid.split('#');
  if (!message.status && linesOf(message, 'x-sage-did').length) check(linesOf(message, 'x-sage-did').join() === did, 'X-SAGE-DID');
  const record = s.readRegistry(registry).records.find((r) => r.did === did), key = record?.is_active && record.keys[Number(/^key-([1-9][0-9]*)$/.exec(fragment)?.[1]) - 1];
  check(key?.verified && alg === (key.type === 0 ? 'es256k' : 'ed25519'), 'key and alg');
  check(s.verifyBy({ type: key.type, publicKey: Buffer.from(key.key_data, 'base64') }, Buffer.from(baseOf(covered, parameters, message, request)), Buffer.from(encoded, 'base64')), 'bad');
  if (message.body.length) check(linesOf(message, 'content-digest').join() === digestOf(message.body), 'digest');
  return { did, covered };
}

// The octets, so that what no HTTP library would send can be sent. `wire` changes the message after it was signed.
export function bytesOf(m, { chunked = false, length = m.body.length, target = m.target, method = m.method } = {}) {
  const head = [`${method} ${target} HTTP/1.1`, ...m.fields.map(([n, v]) => `${n}: ${v}`), ...(chunked ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${length}`]), 'Connection: close', '', ''].join('\r\n');
  const chunks = [];
  for (let i = 0; chunked && i < m.body.length; i += 5) { const part = m.body.subarray(i, i + 5); chunks.push(Buffer.from(part.length.toString(16) + '\r\n'), part, Buffer.from('\r\n')); }
  return Buffer.concat([Buffer.from(head, 'latin1'), ...(chunked ? [...chunks, Buffer.from('0\r\n\r\n')] : [m.body])]);
}
export function send(base, bytes) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes)), parts = [];
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (d) => parts.push(d));
    // A server that refuses a request unread may reset the connection; what it said counts.
    socket.on('error', (e) => (parts.length ? resolve(parse(Buffer.concat(parts))) : reject(e)));
    socket.on('end', () => { socket.destroy(); resolve(parse(Buffer.concat(parts))); });
  });
}
function parse(raw) {
  const end = raw.indexOf('\r\n\r\n'), [start, ...lines] = raw.subarray(0, end).toString('latin1').split('\r\n');
  const fields = lines.map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]), chunked = fields.some(([n, v]) => n.toLowerCase() === 'transfer-encoding' && v === 'chunked');
  let rest = raw.subarray(end + 4), body = rest;
  for (body = chunked ? Buffer.alloc(0) : rest; chunked;) {
    const line = rest.indexOf('\r\n'), size = parseInt(rest.subarray(0, line), 16);
    if (!(size > 0)) break;
    body = Buffer.concat([body, rest.subarray(line + 2, line + 2 + size)]);
    rest = rest.subarray(line + 4 + size);
  }
  return { status: Number(start.split(' ')[1]), fields, body };
}
