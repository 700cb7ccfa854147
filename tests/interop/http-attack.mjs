// The hostile caller of http-peer.mjs: what it sends is refused with one and the same answer, whatever is wrong with it.
import { randomBytes, randomUUID } from 'node:crypto';
import * as s from './sage.mjs';
import * as h from './http.mjs';

export async function attack({ registry, url, host, algorithm, exchange, verbose }) {
  const other = algorithm === 'secp256k1' ? 'ed25519' : 'secp256k1';
  const identity = (name, kind = algorithm) => new s.Identity(name, kind, 'http://127.0.0.1:1');
  const self = identity('attacker'), neighbour = identity('neighbour'), otherKind = identity('other kind', other), inactive = identity('inactive'), unproven = identity('unproven'), unverified = identity('unverified'), stranger = identity('stranger');
  const badProof = unproven.record(); badProof.keys[0].signature = randomBytes(64).toString('base64');
  const notVerified = unverified.record(); notVerified.keys[0].verified = false;
  s.register(registry, self.record(), neighbour.record(), otherKind.record(), inactive.record({ is_active: false }), badProof, notVerified);

  let count = 0, refusal = null;
  const misses = [], statuses = {};
  async function expect(name, bytes, allowed = [401]) {
    count++;
    const answer = await h.send(url, bytes).catch((e) => ({ status: 0, body: Buffer.from(String(e)), fields: [] }));
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    if (!allowed.includes(answer.status)) misses.push(`${name}: expected ${allowed}, got ${answer.status} ${answer.body.subarray(0, 120)}`);
    if (answer.status === 401) {
      const told = answer.body.toString() + answer.fields.filter(([n]) => /^(content-type|www-authenticate)$/i.test(n)).join();
      refusal ??= told;
      if (told !== refusal) misses.push(`${name}: another refusal: ${told}`);
    }
    if (verbose) console.log(answer.status, name);
  }
  const request = (options) => h.makeRequest(self, host, options);
  const signed = (change = {}, options = {}) => h.sign(change.as ?? self, options.message ?? request(options), change);
  const set = (m, name, value) => { m.fields = m.fields.map(([n, v]) => [n, n.toLowerCase() === name ? value(v) : v]); return m; };
  const drop = (m, ...names) => { m.fields = m.fields.filter(([n]) => !names.includes(n.toLowerCase())); return m; };
  const add = (m, ...fields) => { m.fields.push(...fields); return m; };
  const send = (name, m, wire, allowed) => expect(name, h.bytesOf(m, wire), allowed);
  const broken = [400, 401, 413, 414, 431, 501, 505];

  await exchange(self, {});
  // Each covered thing, changed after signing.
  await send('target changed', signed(), { target: h.PATH + '?x=1' });
  await send('target with another escape', signed({}, { target: h.PATH + '?x=%2f' }), { target: h.PATH + '?x=%2F' });
  await send('path escaped', signed(), { target: '/signed%2Decho' });
  await send('path with dot segments', signed(), { target: '/x/../signed-echo' });
  await send('host changed', set(signed(), 'host', () => 'other.example'));
  await send('host with another port', set(signed(), 'host', () => '127.0.0.1:1'));
  await send('content type changed', set(signed(), 'content-type', () => 'text/plain'));
  await send('DID header changed', set(signed(), 'x-sage-did', () => neighbour.did));
  await send('date changed', set(signed(), 'date', () => 'Thu, 01 Jan 1970 00:00:00 GMT'));
  await send('digest changed', set(signed(), 'content-digest', () => h.digestOf(Buffer.from('x'))));
  { const m = signed(); m.body = Buffer.from('{"hello":"other"}'); await send('body changed', m); }
  { const m = signed(); m.body = Buffer.from(''); await send('body removed', m); }
  { const m = signed({}, { body: Buffer.alloc(0) }); m.body = Buffer.from('x'); await send('body added', m); await send('body added in chunks', m, { chunked: true }); }
  { const m = signed(); m.body = Buffer.concat([m.body, Buffer.from(' ')]); await send('body longer, in chunks', m, { chunked: true }); }
  { const m = signed(); m.body = Buffer.from('another'); set(m, 'content-digest', () => h.digestOf(m.body)); await send('body and digest changed', m); }
  for (const name of ['host', 'x-sage-did', 'date', 'content-type', 'content-digest', 'signature', 'signature-input']) await send(`${name} removed`, drop(signed(), name), {}, name === 'host' ? [400] : [401]);
  await send('both signature fields removed', drop(signed(), 'signature', 'signature-input'));
  for (const name of ['Content-Type', 'Content-Digest', 'Date', 'X-SAGE-DID']) await send(`a second ${name}`, add(signed(), [name, 'x']));

  // Coverage that is missing, or only looks complete.
  const full = h.requestCoverage(request());
  for (const component of ['"@method"', '"@target-uri"', '"@authority"', '"content-digest"']) await send(`${component} not covered`, signed({ covered: full.filter((x) => x !== component) }));
  await send('nothing covered', signed({ covered: [] }));
  await send('only the method covered', signed({ covered: ['"@method"'] }));
  const raw = (text, change = {}) => signed({ text, base: (b) => b, ...change });
  await send('@method;req in a request', raw((t) => t.replace('"@method"', '"@method";req')));
  await send('content-digest;req instead of content-digest', raw((t) => t.replace('"content-digest"', '"content-digest";req')));
  await send('the method twice', raw((t) => t.replace('"@method"', '"@method" "@method"')));
  await send('@status in a request', raw((t) => t.replace('"@method"', '"@method" "@status"')));
  await send('an unknown derived component', raw((t) => t.replace('"@method"', '"@method" "@nothing"')));
  await send('an unknown component parameter', raw((t) => t.replace('"@method"', '"@method";x')));
  await send('a component in upper case', raw((t) => t.replace('"@method"', '"@METHOD"')));
  await send('a field that is not there', raw((t) => t.replace('"@method"', '"@method" "x-absent"')));
  await send('sixty-five components', raw((t) => t.replace('"@method"', ['"@method"', ...Array.from({ length: 65 }, (_, i) => `"x-${i}"`)].join(' '))));

  // Times and nonces.
  for (const [name, created] of [['stale', h.seconds(-310)], ['a year old', h.seconds(-31536000)], ['in the future', h.seconds(330)], ['a year ahead', h.seconds(31536000)], ['at the beginning', 0], ['beyond the calendar', 999999999999999], ['negative', -5]]) await send('created ' + name, signed({ created }));
  await send('created missing', signed({ created: null }));
  await send('created as a string', raw((t) => t.replace(/created=(\d+)/, 'created="$1"')));
  await send('created as a date', raw((t) => t.replace(/created=(\d+)/, 'created=@$1')));
  await send('created as a decimal', raw((t) => t.replace(/created=(\d+)/, 'created=$1.5')));
  await send('created twice', raw((t) => t.replace(/(;created=\d+)/, '$1$1')));
  await send('expired', signed({ expires: h.seconds(-1) }));
  await send('expires beyond the calendar', signed({ expires: 999999999999999 }));
  await send('no nonce', signed({ nonce: null }));
  await send('an empty nonce', signed({ nonce: '' }));
  await send('a nonce over its length', signed({ nonce: 'n'.repeat(1025) }));
  await send('a nonce that is a number', raw((t) => t.replace(/nonce="[^"]*"/, 'nonce=5')));
  { const m = signed(); await send('first use', m, {}, [200]); await send('replay', m); await send('replay in chunks', m, { chunked: true }); await send('replay again', m); }
  { const nonce = randomUUID(); await send('a nonce', signed({ nonce }), {}, [200]); await send('the same nonce for another message', signed({ nonce }, { body: Buffer.from('{}') })); await send('the same nonce without fragment', signed({ nonce, keyid: self.did })); await send('the same nonce of a neighbour', h.sign(neighbour, h.makeRequest(neighbour, host), { nonce }), {}, [200]); }
  { const m = signed(), bad = structuredClone(m); bad.body = Buffer.from(bad.body); set(bad, 'signature', () => `sig1=:${randomBytes(64).toString('base64')}:`); m.body = Buffer.from(m.body); await send('a bad signature', bad); await send('a bad signature burns no nonce', m, {}, [200]); }
  { const m = signed(), answers = await Promise.all(Array.from({ length: 8 }, () => h.send(url, h.bytesOf(m)))); count += 8; if (answers.filter((a) => a.status === 200).length !== 1) misses.push('eight copies at once: not accepted exactly once'); }

  // Who signed.
  await send("a neighbour's key", signed({ signer: neighbour }));
  await send("a neighbour's keyid", signed({ keyid: neighbour.did + '#key-1' }));
  await send("a neighbour's signature under this DID", h.sign(neighbour, request()));
  await send('DID header of a neighbour, signed', signed({}, { message: set(request(), 'x-sage-did', () => neighbour.did) }));
  await send('DID header with a fragment', signed({}, { message: set(request(), 'x-sage-did', (v) => v + '#key-1') }));
  await send('two DID headers', signed({}, { message: add(request(), ['X-SAGE-DID', self.did]) }));
  for (const [who, what] of [[inactive, 'an inactive agent'], [unproven, 'an unproven key'], [unverified, 'a key not verified'], [stranger, 'an unregistered agent']]) await send(what, h.sign(who, h.makeRequest(who, host)));
  for (const fragment of ['#key-2', '#key-0', '#key-01', '#', '#key-1#key-1', '#owner', '#KEY-1', '#key-99999999999999999999']) await send(`keyid ${fragment}`, signed({ keyid: self.did + fragment }));
  for (const keyid of ['', 'x', 'did:', 'did:sage:ethereum:', self.did.toUpperCase(), self.did + ' ', 'did:web:127.0.0.1', 'd'.repeat(513), 'did:sage:ethereum:' + 'a'.repeat(400)]) await send(`keyid '${keyid.slice(0, 24)}'`, h.sign(self, drop(request(), 'x-sage-did'), { keyid, covered: full.filter((x) => x !== '"x-sage-did"') }));
  for (const alg of [h.algOf(otherKind), 'hmac-sha256', 'none', 'ED25519', 'rsa-pss-sha512', 'x'.repeat(2000)]) await send(`alg ${alg.slice(0, 20)}`, signed({ alg }));
  await send('the other algorithm, honestly', h.sign(otherKind, h.makeRequest(otherKind, host)), {}, [200]);
  await send('no alg at all', signed({ alg: null }), {}, [200]);

  // Malformed fields.
  for (const value of ['', '()', 'sig1', 'sig1=', 'sig1=()', 'sig1="x"', 'sig1=1', 'sig1=(', 'sig1=("@method"', 'sig1=("@method)', 'sig1=(@method)', 'sig1=("@method"  ;x', 'SIG1=("@method")', 'sig1=("@method"),', ',sig1=("@method")', 'sig1=("@method");keyid', 'sig1=("\\"")', 'sig1=("@method";req=?1)', 'sig1=("a\u00e9")', 'sig1=("@method");x=@999999999999999', 'sig1=("@method");x=%"%ff"', '\u00e9', '\u00ff'.repeat(100), '"', ':', 'sig1=:AAAA:', 'a'.repeat(9000), 'sig1=(' + '"a" '.repeat(2000) + ')', 'sig1=("@method")' + ';a'.repeat(3000)]) await send(`Signature-Input ${JSON.stringify(value).slice(0, 40)}`, set(signed(), 'signature-input', () => value), {}, [400, 401]);
  for (const value of ['', 'sig1', 'sig1=', 'sig1=::', 'sig1=:AAAA', 'sig1=AAAA', 'sig1="AAAA"', 'sig1=:AA=A:', 'sig1=:A:', 'sig1=:!!!!:', 'sig1=(:AAAA:)', 'sig2=:AAAA:', `sig1=:${'A'.repeat(4000)}:`, `sig1=:${'A'.repeat(20000)}:`, '\u00e9', 'sig1=:AAAA:, sig1=:AAAA:']) await send(`Signature ${JSON.stringify(value).slice(0, 30)}`, set(signed(), 'signature', () => value), {}, [400, 401]);
  for (const value of ['', 'x', 'sha-256', 'sha-256=', 'sha-256=AAAA', 'sha-256=::', 'sha-256=:AAAA:', 'sha-256="x"', 'md5=:AAAA:', 'sha-512=:AAAA:', 'SHA-256=:AAAA:', `sha-256=:${'A'.repeat(5000)}:`]) await send(`Content-Digest ${value.slice(0, 24)}, signed`, signed({}, { message: set(request(), 'content-digest', () => value) }));
  await send('Content-Digest of another body, signed', signed({}, { message: set(request(), 'content-digest', () => h.digestOf(Buffer.from('other'))) }));
  await send('two digests of which one is wrong', signed({}, { message: set(request(), 'content-digest', (v) => `${v}, sha-512=:${randomBytes(64).toString('base64')}:`) }));
  // UTF-8, which servers take and signatures cannot cover: the refusal, which is signed, must not fail over it.
  for (const name of ['signature', 'content-digest', 'signature-input', 'content-type', 'x-sage-did']) await send(`${name} in UTF-8`, set(signed(), name, () => '\u00c3\u00a9'));
  await send('a label twice', add(signed(), ['Signature-Input', 'sig1=("@method")']));
  await send('a signature twice', add(signed(), ['Signature', 'sig1=:AAAA:']));
  await send('a signature more than inputs', add(signed(), ['Signature', 'sig2=:AAAA:']), {}, [200, 401]);
  await send('two labels, the first bad', add(signed({ label: 'sig2' }), ['Signature-Input', 'sig1=("@method")'], ['Signature', 'sig1=:AAAA:']));
  await send('two labels, the lexicographically first bad', add(signed({ label: 'b' }), ['Signature-Input', 'a=()'], ['Signature', 'a=:AAAA:']));
  await send('two labels, the first good', add(signed({ label: 'a' }), ['Signature-Input', 'b=()'], ['Signature', 'b=:AAAA:']), {}, [200]);
  await send('nine labels', add(signed({ label: 'a' }), ...Array.from({ length: 9 }, (_, i) => [['Signature-Input', `s${i}=()`], ['Signature', `s${i}=:AAAA:`]]).flat()));
  { const m = signed(), signature = Buffer.from(/:(.*):/.exec(m.fields.at(-1)[1])[1], 'base64');
    for (const bit of [0, 100, 255, 256, 400, 503]) { const flipped = Buffer.from(signature); flipped[bit >> 3] ^= 1 << (bit & 7); await send(`signature bit ${bit}`, set(structuredCloneOf(m), 'signature', () => `sig1=:${flipped.toString('base64')}:`)); }
    for (const length of [0, 1, 63, 66, 128]) await send(`signature of ${length} bytes`, set(structuredCloneOf(m), 'signature', () => `sig1=:${randomBytes(length).toString('base64')}:`)); }

  // HTTP itself.
  await send('absolute form of another host', signed(), { target: 'http://other.example' + h.PATH }, [400, 401]);
  await send('absolute form, signed as a path', signed(), { target: `https://${host}${h.PATH}` }, [400, 401]);
  await send('two hosts', add(signed(), ['Host', host]), {}, [400]);
  await send('host with user information', set(signed(), 'host', (v) => 'a@' + v), {}, [400]);
  await send('two content lengths', add(signed(), ['Content-Length', '3']), {}, [400]);
  await send('content length and chunked', add(signed(), ['Transfer-Encoding', 'chunked']), {}, broken);
  await send('a coding of another kind', add(signed(), ['Transfer-Encoding', 'gzip']), {}, broken);
  await send('a huge header', add(signed(), ['X-Huge', 'x'.repeat(40_000)]), {}, [431]);
  await send('too many headers', add(signed(), ...Array.from({ length: 200 }, (_, i) => ['X-' + i, 'x'])), {}, [431]);
  await send('a body over the limit, said', signed({}, { message: request({ body: Buffer.alloc(0) }) }), { length: 20 * 1024 * 1024 });
  await send('a length over what the server takes', signed(), { length: 99_999_999_999 }, [400, 401, 413]);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) await send(`${method}, signed`, signed({}, { method, body: Buffer.alloc(0) }), {}, [405]);
  await send('POST signed, PUT sent', signed(), { method: 'PUT' }, [405]);
  await send('GET signed, POST sent', signed({}, { method: 'GET' }), {}, [405]);
  { const m = signed({}, { method: 'GET' }); await send('GET signed, sent as POST', m, { method: 'POST' }); }
  await send('a name with a space', add(signed(), ['X Y', 'z']), {}, [400]);
  await send('a value with a control character', add(signed(), ['X-Y', 'a\u0000b']), {}, [400]);
  await send('a folded field', add(signed(), ['X-Y', 'a\r\n b']), {}, [400, 200]);
  for (let i = 0; i < 20; i++) await expect(`random octets ${i}`, Buffer.concat([randomBytes(8 + i * 17), Buffer.from('\r\n\r\n')]), [400, 0]);
  await exchange(self, {});
  await exchange(otherKind, {});

  if (misses.length) { console.error(misses.join('\n')); process.exit(1); }
  console.log(JSON.stringify({ cases: count, statuses }));
}
function structuredCloneOf(m) { return { ...m, fields: m.fields.map((f) => [...f]) }; }
