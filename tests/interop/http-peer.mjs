// node http-peer.mjs dial   --registry FILE --to DID --url BASE --algorithm A [--count N]   signs requests, verifies the signed answers
// node http-peer.mjs serve  --registry FILE --algorithm A                                   prints {"did","url"}; a signed echo, and answers that lie by path
// node http-peer.mjs attack --registry FILE --to DID --url BASE --algorithm A               every hostile request is refused alike, then a good one is answered
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import * as s from './sage.mjs';
import * as h from './http.mjs';

const { positionals: [mode], values: o } = parseArgs({
  allowPositionals: true,
  options: { registry: { type: 'string' }, to: { type: 'string' }, url: { type: 'string' }, algorithm: { type: 'string', default: 'ed25519' }, count: { type: 'string', default: '1' }, verbose: { type: 'boolean' } },
});
const host = o.url && new URL(o.url).host;
const honest = (self, options = {}, wire = {}) => { const m = h.makeRequest(self, host, options); return [h.sign(self, m), wire]; };
async function exchange(self, options, wire) {
  const [m] = honest(self, options), answer = await h.send(o.url, h.bytesOf(m, wire));
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.body}`);
  const { did } = h.verify(o.registry, answer, m);
  if (did !== o.to) throw new Error('answered by ' + did);
  if (!answer.body.equals(m.body)) throw new Error('another body');
  if (m.body.length && !answer.fields.some(([n, v]) => n.toLowerCase() === 'content-type' && v === 'application/json')) throw new Error('another content type');
  if (answer.fields.some(([n, v]) => n.toLowerCase() === 'signature-input' && v.includes('nonce'))) throw new Error('a response has no nonce');
}

if (mode === 'dial') {
  const self = new s.Identity('dialler', o.algorithm, 'http://127.0.0.1:1');
  s.register(o.registry, self.record());
  for (let i = 0; i < Number(o.count); i++) await exchange(self, { body: Buffer.from(`{"message":${i},"text":"${'x'.repeat(i * 7 % 500)}"}`) });
  await exchange(self, { body: Buffer.alloc(0) });
  await exchange(self, {}, { chunked: true });
  await exchange(self, { target: h.PATH + '?a=%2F&b=%20' });
  await exchange(self, { body: randomBytes(1024 * 1024) });
  await exchange(self, { target: `http://${host}${h.PATH}` });
  console.log(JSON.stringify({ did: self.did, echoes: Number(o.count) + 5 }));
} else if (mode === 'serve') {
  let self, other;
  const lies = {
    '/unsigned': (m) => m, '/body': (m, request) => { h.sign(self, m, { request }); m.body = Buffer.from('other'); return m; },
    '/status': (m, request) => { h.sign(self, m, { request }); m.status = 201; return m; },
    '/other-key': (m, request) => h.sign(self, m, { request, signer: other }),
    '/stranger': (m, request) => h.sign(other, m, { request }),
    '/unbound': (m, request) => h.sign(self, m, { request, covered: ['"@status"', '"content-type"', '"content-digest"'] }),
    '/other-request': (m, request) => h.sign(self, m, { request: { ...request, target: '/elsewhere' } }),
    '/stale': (m, request) => h.sign(self, m, { request, created: h.seconds(-400) }),
    '/no-digest': (m, request) => h.sign(self, m, { request, covered: h.responseCoverage(m, request).filter((x) => x !== '"content-digest"') }),
    '/malformed': (m) => { m.fields.push(['Signature-Input', 'sig1='], ['Signature', 'sig1=']); return m; },
    '/refused': (m, request) => { m.status = 403; return h.sign(self, m, { request }); },
    '/redirect': (m, request) => { m.status = 302; m.fields.push(['Location', '/signed-echo']); return h.sign(self, m, { request }); },
  };
  const seen = new Set();
  createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const fields = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2) fields.push([request.rawHeaders[i], request.rawHeaders[i + 1]]);
    const m = { method: request.method, scheme: 'http', host: request.headers.host, target: request.url, fields, body: Buffer.concat(parts) };
    let answer = { status: 401, fields: [], body: Buffer.from('{"title":"authentication failed","status":401}') };
    try {
      h.verify(o.registry, m);
      if (seen.has(request.headers.signature)) throw new Error('replay');
      seen.add(request.headers.signature);
      const type = request.headers['content-type'];
      answer = { status: 200, fields: [...(type ? [['Content-Type', type]] : []), ...(m.body.length ? [['Content-Digest', h.digestOf(m.body)]] : [])], body: m.body };
      answer = lies[request.url]?.(answer, m) ?? h.sign(self, answer, { request: m });
    } catch (e) { console.error(String(e)); }
    response.writeHead(answer.status, answer.fields.flat());
    response.end(answer.body);
  }).listen(0, '127.0.0.1', function () {
    const url = `http://127.0.0.1:${this.address().port}`;
    self = new s.Identity('callee', o.algorithm, url);
    other = new s.Identity('other', o.algorithm, url);
    s.register(o.registry, self.record());
    console.log(JSON.stringify({ did: self.did, url, lies: Object.keys(lies) }));
  });
} else {
  await import('./http-attack.mjs').then((a) => a.attack({ ...o, host, exchange }));
}
