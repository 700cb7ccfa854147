// node attack.mjs --registry FILE --to DID --url BASE
// A hostile caller: sends every case, checks the outcome, and after each group that an honest session still works. Exit 1 on a miss.
import { parseArgs } from 'node:util';
import { randomBytes, randomUUID } from 'node:crypto';
import * as s from './sage.mjs';
import * as c from './crypto.mjs';

const { values: o } = parseArgs({ options: { registry: { type: 'string' }, to: { type: 'string' }, url: { type: 'string' }, verbose: { type: 'boolean' } } });
const self = new s.Identity('attacker', 'ed25519', 'http://127.0.0.1:1'), other = new s.Identity('other', 'secp256k1', 'http://127.0.0.1:1');
const inactive = new s.Identity('inactive', 'ed25519', ''), unproven = new s.Identity('unproven', 'ed25519', ''), unverified = new s.Identity('unverified', 'ed25519', '');
const agreementOnly = new s.Identity('agreement', 'ed25519', ''), stranger = new s.Identity('stranger', 'ed25519', ''), malformed = new s.Identity('malformed', 'ed25519', '');
const badProof = unproven.record(); badProof.keys[0].signature = randomBytes(64).toString('base64');
const notVerified = unverified.record(); notVerified.keys[0].verified = false;
const shortKey = malformed.record(); shortKey.keys[0].key_data = randomBytes(31).toString('base64');
s.register(o.registry, self.record(), other.record(), inactive.record({ is_active: false }), badProof, notVerified, agreementOnly.record({ keys: [] }), shortKey);
const peer = s.lookup(o.registry, o.to);

let count = 0;
const misses = [];
const kinds = {
  refused: (a) => a.status === 200 && a.json?.success === false && a.json.error === 'authentication failed' && !a.json.data,
  malformed: (a) => a.status === 200 && a.json?.success === false && (a.json.error === 'malformed message' || a.json.error === 'authentication failed') && !a.json.data,
  mismatch: (a) => a.status === 200 && a.json?.success === false && /^X-SAGE-[A-Za-z-]+ header does not match the message body$/.test(a.json.error) && !a.json.data,
  ok: (a) => a.status === 200 && a.json?.success === true && !!a.json.data,
  tooLarge: (a) => a.status === 413 && a.text === 'request body too large',
  method: (a) => a.status === 405 && a.text === 'Method not allowed',
};
async function expect(name, kind, message, options) {
  count++;
  const answer = await s.post(o.url, message, options).catch((e) => ({ status: 0, text: String(e) }));
  if (!kinds[kind](answer)) misses.push(`${name}: expected ${kind}, got ${answer.status} ${answer.text?.slice(0, 160)}`);
  if (o.verbose) console.log(kind.padEnd(10), name);
  return answer;
}
const start = (options) => s.initiation(self, o.to, peer.kem, options);
async function honest(where) {
  const session = await s.open(self, o.registry, o.to, o.url);
  const answer = await expect(`honest session after ${where}`, 'ok', s.recordMessage(self, session, session.seal(Buffer.from('hello'))));
  if (answer.json?.data && session.open(Buffer.from(answer.json.data, 'base64')).toString() !== 'echo:hello') misses.push(`honest reply after ${where}`);
  return session;
}

await honest('start');
// Payload members: missing, empty, wrong type, changed, oversized, duplicated.
const members = ['initDid', 'respDid', 'info', 'exportCtx', 'nonce', 'ts', 'enc', 'ephC'];
for (const name of members) {
  for (const [what, value] of [['missing', undefined], ['empty', ''], ['number', 1], ['null', null], ['object', {}], ['array', ['x']], ['true', true], ['huge', 'a'.repeat(20_000)], ['control', 'a\u0000b'], ['space', ' '], ['unicode', '\u00e9'.repeat(8)]]) {
    if (what === 'control' || what === 'space' || what === 'unicode') { if (name === 'nonce') continue; }
    await expect(`payload ${name} ${what}`, 'refused', start({ payload: { [name]: value } }));
  }
  await expect(`payload ${name} duplicated`, 'refused', start({ raw: (p) => Buffer.from(JSON.stringify(p).replace(/}$/, `,${JSON.stringify(name)}:${JSON.stringify(p[name])}}`)) }));
  await expect(`payload ${name} lone surrogate`, 'refused', start({ raw: (p) => Buffer.from(JSON.stringify({ ...p, [name]: '@@' }).replace('@@', '\\ud800')) }));
}
await honest('payload members');
await expect('an unknown string member is ignored', 'ok', start({ payload: { extra: 'x' } }));
await expect('a cookie member in the payload is tolerated', 'ok', start({ payload: { cookie: 'x' } }));
await expect('an unknown member that is no string', 'refused', start({ payload: { extra: 7 } }));
await expect('an unknown object member', 'refused', start({ payload: { extra: {} } }));
for (const [what, raw] of [['array', '[]'], ['text', '"x"'], ['null', 'null'], ['empty object', '{}'], ['garbage', 'garbage'], ['trailing', null], ['bom', null], ['invalid utf-8', null], ['nul', '\0'], ['deep', '['.repeat(5000)]]) {
  const make = { trailing: (p) => JSON.stringify(p) + 'x', bom: (p) => '\ufeff' + JSON.stringify(p) };
  const bytes = what === 'invalid utf-8' ? (p) => Buffer.concat([Buffer.from(JSON.stringify(p).slice(0, -1) + ',"x":"'), Buffer.from([0xff]), Buffer.from('"}')]) : (p) => Buffer.from(make[what]?.(p) ?? raw);
  await expect(`payload ${what}`, 'refused', start({ raw: bytes }));
}
for (const ts of ['2020-01-01T00:00:00Z', s.now(-125), s.now(125), s.now(3600), 'yesterday', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '1700000000', s.now().replace('T', ' '), s.now().replace('Z', ''), s.now().replace('Z', '+25:00'), s.now() + 'Z']) await expect(`ts ${ts}`, 'refused', start({ payload: { ts } }));
await expect('ts without a fraction', 'ok', start({ payload: { ts: new Date().toISOString().replace(/\.\d+Z/, 'Z') } }));
await expect('ts with one digit', 'ok', start({ payload: { ts: new Date().toISOString().replace(/\.(\d)\d+Z/, '.$1Z') } }));
await expect('ts with an offset', 'ok', start({ payload: { ts: new Date(Date.now() + 9 * 3600_000).toISOString().replace('Z', '+09:00') } }));
await expect('ts 100 s ago', 'ok', start({ payload: { ts: s.now(-100) } }));
await expect('info and exportCtx as base64url', 'ok', (() => { const ctx = 'ctx-' + randomUUID(); return start({ ctx, payload: { info: s.b64u(s.infoText(ctx, self.did, o.to)), exportCtx: s.b64u(s.exportText(ctx)) } }); })());
const lowOrder = ['00'.repeat(32), '01' + '00'.repeat(31), 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', 'ec' + 'ff'.repeat(30) + '7f', 'ed' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(30) + '7f'];
for (const point of lowOrder) for (const name of ['enc', 'ephC']) await expect(`${name} low order ${point.slice(0, 8)}`, 'refused', start({ payload: { [name]: s.b64u(Buffer.from(point, 'hex')) } }));
for (const name of ['enc', 'ephC']) for (const [what, value] of [['31 bytes', s.b64u(randomBytes(31))], ['33 bytes', s.b64u(randomBytes(33))], ['padded', randomBytes(32).toString('base64')], ['plus', '+'.repeat(43)], ['pad bits', 'A'.repeat(42) + 'B'], ['white space', s.b64u(randomBytes(32)) + '\n'], ['0 bytes of text', '=']]) await expect(`${name} ${what}`, 'refused', start({ payload: { [name]: value } }));
for (const [name, value] of [['initDid', other.did], ['initDid', self.did.toUpperCase()], ['respDid', self.did], ['respDid', other.did], ['respDid', o.to + '#key-1'], ['respDid', o.to.replace('ethereum', 'eth')], ['info', s.infoText('ctx-x', self.did, o.to)], ['exportCtx', s.exportText('ctx-x')]]) await expect(`payload ${name} = ${value.slice(0, 40)}`, 'refused', start({ payload: { [name]: value } }));
for (const ctx of ['ctx|evil', 'c|', '']) await expect(`context ${JSON.stringify(ctx)}`, ctx ? 'malformed' : 'malformed', start({ ctx }));
await expect('context of another initiation', 'refused', start({ envelope: { context_id: 'ctx-' + randomUUID() } }));
await honest('payload values');

// Identity.
for (const [who, what] of [[inactive, 'an inactive agent'], [unproven, 'a key without a valid proof'], [unverified, 'a key not verified'], [agreementOnly, 'an agent without a signing key'], [stranger, 'an unregistered agent'], [malformed, 'a malformed record']]) await expect(what, 'refused', s.initiation(who, o.to, peer.kem));
await expect('signed by another agent', 'refused', start({ signer: other }));
await expect('another agent under this DID', 'refused', s.initiation({ did: self.did, sign: (m) => stranger.sign(m) }, o.to, peer.kem));
await expect('envelope did of another agent', 'refused', start({ envelope: { did: other.did } }));
await expect('a secp256k1 initiation', 'ok', s.initiation(other, o.to, peer.kem));
{
  const high = s.initiation(other, o.to, peer.kem), signature = Buffer.from(high.signature, 'base64');
  const sValue = BigInt('0x' + signature.subarray(32, 64).toString('hex'));
  Buffer.from((c.N - sValue).toString(16).padStart(64, '0'), 'hex').copy(signature, 32);
  await expect('secp256k1 with a high s (P1 §1.3)', 'ok', { ...high, signature: signature.toString('base64') });
  const short = s.initiation(other, o.to, peer.kem);
  await expect('secp256k1 with 64 bytes (P1 §1.3)', 'ok', { ...short, signature: Buffer.from(short.signature, 'base64').subarray(0, 64).toString('base64') });
  for (const [what, bytes] of [['r = 0', Buffer.concat([Buffer.alloc(32), randomBytes(33)])], ['s = 0', Buffer.concat([randomBytes(32), Buffer.alloc(33)])], ['r = n', Buffer.concat([Buffer.from(c.N.toString(16), 'hex'), randomBytes(33)])], ['66 bytes', randomBytes(66)], ['zeros', Buffer.alloc(65)]]) await expect(`secp256k1 signature ${what}`, 'refused', { ...s.initiation(other, o.to, peer.kem), signature: bytes.toString('base64') });
}
for (let bit = 0; bit < 64 * 8; bit += 37) { const m = start(), signature = Buffer.from(m.signature, 'base64'); signature[bit >> 3] ^= 1 << (bit & 7); await expect(`signature bit ${bit}`, 'refused', { ...m, signature: signature.toString('base64') }); }
for (const [what, length] of [['63 bytes', 63], ['65 bytes', 65], ['1 byte', 1], ['1 KiB', 1024]]) await expect(`signature ${what}`, 'refused', { ...start(), signature: randomBytes(length).toString('base64') });
for (let i = 0; i < 20; i++) { const m = start(), payload = Buffer.from(m.payload, 'base64'); payload[Math.floor(payload.length * i / 20)] ^= 1; await expect(`payload byte ${i}/20 changed`, 'refused', { ...m, payload: payload.toString('base64') }); }
{ const m = start(); await expect('first use of an initiation', 'ok', m); await expect('replayed initiation', 'refused', m); await expect('replayed with a new id', 'refused', { ...m, id: randomUUID() }); await expect('replayed under another context', 'refused', { ...m, context_id: 'ctx-' + randomUUID() }); }
{ const m = start(); await expect('with a bad signature first', 'refused', { ...m, signature: randomBytes(64).toString('base64') }); await expect('a bad signature burns no nonce', 'ok', m); }
{ const m = start(); const answers = await Promise.all(Array.from({ length: 8 }, () => s.post(o.url, m))); count++; if (answers.filter((a) => a.json?.success).length !== 1) misses.push('eight copies at once: not accepted exactly once'); }
await honest('identities');

// Envelope members.
for (const name of ['id', 'payload', 'did', 'signature']) for (const [what, value] of [['missing', undefined], ['empty', ''], ['null', null], ['number', 5], ['object', {}], ['array', []], ['true', true]]) await expect(`envelope ${name} ${what}`, 'malformed', { ...start(), [name]: value }, { headers: false });
for (const name of ['context_id', 'task_id', 'role', 'metadata']) for (const [what, value] of [['number', 5], ['array', []], ['true', true]]) await expect(`envelope ${name} ${what}`, 'malformed', { ...start(), [name]: value }, { headers: false });
for (const name of ['context_id', 'task_id']) await expect(`envelope ${name} missing`, 'malformed', { ...start(), [name]: undefined });
for (const task of ['hpke/complete@v2', 'HPKE/COMPLETE@V1', 'x', 'hpke/complete@v1 ', 'a'.repeat(10_000)]) await expect(`task ${task.slice(0, 20)}`, 'malformed', start({ envelope: { task_id: task } }), { headers: false });
for (const [name, value] of [['id', 'i'.repeat(100_000)], ['did', 'did:sage:ethereum:' + 'a'.repeat(5000)], ['context_id', 'c'.repeat(100_000)], ['role', 'r'.repeat(100_000)], ['metadata', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => ['k' + i, 'v']))], ['metadata', { cookie: 7 }], ['metadata', { cookie: {} }]]) await expect(`envelope ${name} oversized or wrong`, 'malformed', { ...start(), [name]: value }, { headers: false });
for (const name of ['payload', 'signature']) for (const [what, change] of [['base64url', (v) => v.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '') + '-'], ['white space', (v) => v.slice(0, 8) + '\n' + v.slice(8)], ['no padding', (v) => v.slice(0, -1) + '*'], ['not base64', () => '!!!!']]) { const m = start(); await expect(`envelope ${name} ${what}`, 'malformed', { ...m, [name]: change(m[name]) }); }
await expect('an unknown envelope member is ignored', 'ok', { ...start(), version: 3, extra: { a: [1] } });
await expect('another role is not checked', 'ok', { ...start(), role: 'agent' });
for (const did of ['', 'x', 'did:', 'did:sage', 'did:sage:ethereum:', 'did:sage:ethereum:a|b', 'did:sage:ethereum:\u0000', 'did:sage:ethereum:a b', 'did:sage:polkadot:abc', 'did:web:localhost%3A1', self.did + '#key-1', self.did + '\n', ' ' + self.did]) await expect(`envelope did ${JSON.stringify(did)}`, 'malformed', start({ envelope: { did }, payload: { initDid: did } }), { headers: false });
for (const body of ['', ' ', 'null', '[]', '{}', '{', '"x"', '1', '\0', '{"id":1}', '[' + '{"a":'.repeat(2000), '{"a":'.repeat(100) + '1' + '}'.repeat(100), '\ufeff{}', JSON.stringify(start()) + '{}', JSON.stringify(start()).replace('{', '{"id":"x",'), JSON.stringify(start()).replace('{', '{"did":"x",'), JSON.stringify(start()).replace('{', '{/**/'), JSON.stringify(start()).replace(/}$/, ',}'), Buffer.from([0xff, 0xfe, 0x7b]), JSON.stringify(start()).replace('"role":"user"', '"role":"\\ud800"')]) await expect(`body ${String(body).slice(0, 24)}`, 'malformed', body, { headers: false });
for (let i = 0; i < 25; i++) await expect(`random body ${i}`, 'malformed', randomBytes(1 + i * 40), { headers: false });
await expect('a body over 1 MiB', 'tooLarge', Buffer.alloc(1024 * 1024 + 1, 0x20), { headers: false });
await expect('a body of 4 MiB', 'tooLarge', Buffer.alloc(4 * 1024 * 1024, 0x20), { headers: false });
for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) { count++; const r = await fetch(o.url + '/messages', { method }); if (!kinds.method({ status: r.status, text: await r.text() })) misses.push(`${method} is not 405`); }
for (const header of ['X-SAGE-DID', 'X-SAGE-Message-ID', 'X-SAGE-Context-ID', 'X-SAGE-Task-ID']) for (const value of ['x', other.did, '0']) await expect(`${header}: ${value.slice(0, 12)}`, 'mismatch', start(), { extra: { [header]: value } });
await expect('a cookie nobody asked for is ignored', 'ok', start({ envelope: { metadata: { cookie: 'abc' } } }));
await expect('a meta header is not read', 'ok', start(), { extra: { 'X-SAGE-Meta-kid': 'x' } });
await honest('envelopes');

// Records.
{
  const session = await s.open(self, o.registry, o.to, o.url), second = await s.open(self, o.registry, o.to, o.url), foreign = await s.open(other, o.registry, o.to, o.url);
  const send = (name, kind, record, change, options) => expect(name, kind, s.recordMessage(self, session, record, change), options);
  const first = session.seal(Buffer.from('first'));
  await send('first record', 'ok', first);
  await send('replayed record', 'refused', first);
  const later = [1, 2, 3, 4, 5].map((i) => session.seal(Buffer.from('later ' + i)));
  for (const i of [4, 0, 2, 3, 1]) await send(`record ${i} out of order`, 'ok', later[i]);
  for (const i of [4, 0, 2]) await send(`record ${i} again`, 'refused', later[i]);
  const whole = session.seal(Buffer.from('a record to change'));
  for (let i = 0; i < whole.length; i++) { const changed = Buffer.from(whole); changed[i] ^= 1 << (i % 8); await send(`record byte ${i} changed`, 'refused', changed); }
  for (const length of [1, 7, 8, 19, 20, 35, whole.length - 1]) await send(`record cut to ${length}`, 'refused', whole.subarray(0, length));
  await send('record with a byte more', 'refused', Buffer.concat([whole, Buffer.from([0])]));
  await send('the unchanged record still opens', 'ok', whole);
  await send('an empty message', 'ok', session.seal(Buffer.alloc(0)));
  await send('record of another session', 'refused', second.seal(Buffer.from('x')));
  await send('record sealed for the other direction', 'refused', session.seal(Buffer.from('x'), { direction: 's2c' }));
  await send('record with additional data', 'refused', session.seal(Buffer.from('x'), { aad: Buffer.from('aad') }));
  await send('random record', 'refused', randomBytes(100));
  const fresh = () => session.seal(Buffer.from('fresh'));
  await send('unknown kid', 'refused', fresh(), { metadata: { kid: 'kid-' + randomUUID() } });
  await send('kid of another session', 'refused', fresh(), { metadata: { kid: second.kid } });
  await send('kid of another agent', 'refused', fresh(), { metadata: { kid: foreign.kid } });
  await send('no kid', 'malformed', fresh(), { metadata: undefined });
  await send('an empty kid', 'malformed', fresh(), { metadata: { kid: '' } });
  await send('a Kid in capitals only', 'malformed', fresh(), { metadata: { Kid: session.kid } });
  await send('context of another session', 'refused', fresh(), { context_id: second.ctx });
  await send('no context', 'refused', fresh(), { context_id: undefined });
  await send('a task on a record', 'malformed', fresh(), { task_id: s.TASK });
  await send('another task on a record', 'malformed', fresh(), { task_id: 'x' });
  const record = fresh();
  await send('signed by another agent', 'refused', record, { signature: other.sign(record).toString('base64') });
  await send('unsigned record', 'malformed', record, { signature: null });
  await send('record under another DID', 'refused', record, { did: other.did });
  await send('record by another agent of the registry', 'refused', record, { did: other.did, signature: other.sign(record).toString('base64') });
  await send('and then honestly', 'ok', record);
  const copies = session.seal(Buffer.from('copies'));
  const answers = await Promise.all(Array.from({ length: 8 }, () => s.post(o.url, s.recordMessage(self, session, copies))));
  count++;
  if (answers.filter((a) => a.json?.success).length !== 1) misses.push('eight copies of a record: not accepted exactly once');
  const far = session.seal(Buffer.from('far'), { sequence: 5000n });
  await send('a sequence far ahead', 'ok', far);
  await send('a sequence outside the window', 'refused', session.seal(Buffer.from('old'), { sequence: 5000n - 1024n }));
  await send('a sequence at the edge of the window', 'ok', session.seal(Buffer.from('edge'), { sequence: 5000n - 1023n }));
  await send('the last sequence', 'ok', session.seal(Buffer.from('x'), { sequence: 2n ** 32n - 1n }));
  for (const kid of [session.kid, 'k'.repeat(3000), '\u0000', '../../etc', '|']) await send(`hostile kid ${kid.slice(0, 10)}`, 'malformed', randomBytes(50), { metadata: { kid } });
  s.register(o.registry, self.record({ is_active: false }));
  await send('a record after deactivation', 'refused', second.seal(Buffer.from('x')), { context_id: second.ctx, metadata: { kid: second.kid } });
  await expect('an initiation after deactivation', 'refused', start());
  s.register(o.registry, self.record());
  await send('the closed session stays closed', 'refused', second.seal(Buffer.from('x')), { context_id: second.ctx, metadata: { kid: second.kid } });
}
await honest('everything');
for (const miss of misses) console.log('MISS ' + miss);
console.log(JSON.stringify({ cases: count, misses: misses.length }));
process.exitCode = misses.length ? 1 : 0;
