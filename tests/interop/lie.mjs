// node lie.mjs --registry FILE --algorithm A
// A hostile callee. Prints {"did","url","cases":[{"name","path","expect"}]}; the caller opens a session at url + path and sends one
// message; "refused" means that it must fail without a reply, "ok" that it must get "echo:" + message. Runs until killed.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as s from './sage.mjs';
import * as c from './crypto.mjs';

const { values: o } = parseArgs({ options: { registry: { type: 'string' }, algorithm: { type: 'string', default: 'ed25519' } } });
const cases = [];
const add = (name, expect, handshake, record) => cases.push({ name, expect, handshake, record });
const json = (response, body, status = 200, headers = {}) => { response.writeHead(status, { 'content-type': 'application/json', ...headers }); response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) + '\n'); };
const wrap = (message, data, change = {}) => ({ success: true, message_id: message.id, task_id: message.task_id, data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64'), ...change });

// A handshake answer that differs from the honest one, then honest records.
const answer = (name, expect, options = {}, change = {}) => add(name, expect, (ctx) => { const r = ctx.respond(typeof options === 'function' ? options(ctx) : options); json(ctx.response, wrap(ctx.message, r.data, typeof change === 'function' ? change(ctx, r) : change)); });
answer('honest', 'ok');
answer('message_id left out', 'ok', {}, { message_id: undefined });
answer('task_id left out', 'ok', {}, { task_id: undefined });
answer('an unknown response member', 'ok', {}, { extra: { a: 1 } });
answer('null error', 'ok', {}, { error: '' });
const members = ['v', 'task', 'ctx', 'kid', 'ephS', 'ackTagB64', 'ts', 'did', 'infoHash', 'exportCtxHash', 'enc', 'ephC', 'sigB64'];
for (const name of members) {
  answer(`completion ${name} missing`, 'refused', { drop: [name] });
  for (const [what, value] of [['empty', ''], ['number', 1], ['null', null], ['object', {}], ['array', []], ['true', true], ['random', s.b64u(randomBytes(32))], ['huge', 'a'.repeat(100_000)]]) {
    if (name === 'kid' && what === 'random') continue;
    answer(`completion ${name} ${what}, signed`, 'refused', { response: { [name]: value } });
    if (name !== 'sigB64' && what !== 'huge') answer(`completion ${name} ${what}, not signed`, 'refused', { response: { [name]: value }, resign: false });
  }
  add(`completion ${name} duplicated`, 'refused', (ctx) => { const { data } = ctx.respond(); json(ctx.response, wrap(ctx.message, JSON.stringify(data).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(data[name])},`))); });
}
answer('an extra completion member', 'refused', { add: { extra: 'x' } });
answer('an extra completion member, signed', 'refused', { response: { extra: 'x' } });
for (const [what, ts] of [['old', s.now(-3600)], ['130 s ago', null], ['future', s.now(3600)], ['no zone', '2026-11-24T12:00:00'], ['words', 'now'], ['year 1', '0001-01-01T00:00:00Z']]) answer(`ts ${what}`, 'refused', () => ({ response: { ts: ts ?? s.now(-130) } }));
answer('ts 100 s ago', 'ok', () => ({ response: { ts: s.now(-100) } }));
answer('ts in another zone', 'ok', () => ({ response: { ts: new Date(Date.now() - 5 * 3600_000).toISOString().replace('Z', '-05:00') } }));
for (const v of ['v2', 'V1', 'v1 ']) answer(`v ${v}`, 'refused', { response: { v } });
answer('did of the caller', 'refused', (ctx) => ({ response: { did: ctx.message.did } }));
answer('did in another case', 'refused', (ctx) => ({ response: { did: ctx.self.did.toUpperCase() } }));
answer('did with a fragment', 'refused', (ctx) => ({ response: { did: ctx.self.did + '#key-1' } }));
answer('ctx of another handshake', 'refused', { response: { ctx: 'ctx-00000000-0000-4000-8000-000000000000' } });
answer('echoes swapped', 'refused', (ctx) => ({ response: { enc: ctx.payload.ephC, ephC: ctx.payload.enc } }));
answer('hashes swapped', 'refused', (ctx) => { const h = ctx.respond().data; return { response: { infoHash: h.exportCtxHash, exportCtxHash: h.infoHash } }; });
answer('kid changed after the tag', 'refused', { response: { kid: 'kid-00000000-0000-4000-8000-000000000000' } });
for (const kid of ['', ' ', 'k\u0000', 'k'.repeat(5000)]) answer(`kid ${JSON.stringify(kid).slice(0, 12)}`, 'refused', { response: { kid } });
for (const point of ['00'.repeat(32), '01' + '00'.repeat(31), 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', 'ec' + 'ff'.repeat(30) + '7f']) answer(`ephS low order ${point.slice(0, 8)}`, 'refused', { response: { ephS: s.b64u(Buffer.from(point, 'hex')) } });
for (const name of ['ephS', 'ackTagB64', 'infoHash', 'exportCtxHash', 'sigB64']) for (const [what, change] of [['padded', (v) => v + '='], ['standard alphabet', (v) => v.slice(0, -2) + '+/'], ['white space', (v) => v + ' '], ['a byte short', (v) => s.b64u(Buffer.from(v, 'base64url').subarray(1))], ['a byte long', (v) => s.b64u(Buffer.concat([Buffer.from(v, 'base64url'), Buffer.from([0])]))], ['a bit changed', (v) => { const b = Buffer.from(v, 'base64url'); b[5] ^= 4; return s.b64u(b); }]]) add(`${name} ${what}`, 'refused', (ctx) => { const { data } = ctx.respond(); json(ctx.response, wrap(ctx.message, ctx.sign({ ...data, [name]: change(data[name]) }, name))); });
answer('signed by another key', 'refused', (ctx) => ({ response: {}, add: { sigB64: s.b64u(ctx.other.sign(randomBytes(40))) } }));
add('signed by the caller\'s reflection', 'refused', (ctx) => json(ctx.response, wrap(ctx.message, Buffer.from(ctx.message.payload, 'base64').toString())));
answer('another agreement key', 'refused', { kem: randomBytes(32) });
add('the completion of an earlier handshake', 'refused', (ctx) => { const old = ctx.state.old ?? (ctx.state.old = ctx.respond().data); json(ctx.response, wrap(ctx.message, { ...old, sigB64: old.sigB64, ackTagB64: s.b64u(randomBytes(32)) })); });

// The transport answer itself.
const transport = (name, make) => add(name, 'refused', (ctx) => make(ctx, ctx.respond().data));
for (const status of [201, 202, 204, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 413, 429, 500, 502, 503]) transport(`status ${status}`, (ctx, d) => json(ctx.response, status === 204 ? '' : wrap(ctx.message, d), status, status >= 300 && status < 400 ? { location: ctx.url + '/honest/messages' } : {}));
transport('success false with data', (ctx, d) => json(ctx.response, wrap(ctx.message, d, { success: false })));
transport('success true with an error', (ctx, d) => json(ctx.response, wrap(ctx.message, d, { error: 'authentication failed' })));
for (const [what, success] of [['text', 'true'], ['number', 1], ['null', null], ['missing', undefined]]) transport(`success ${what}`, (ctx, d) => json(ctx.response, wrap(ctx.message, d, { success })));
for (const [what, id] of [['another', 'x'], ['number', 1], ['object', {}]]) transport(`message_id ${what}`, (ctx, d) => json(ctx.response, wrap(ctx.message, d, { message_id: id })));
for (const [what, data] of [['missing', undefined], ['empty', ''], ['null', null], ['number', 5], ['object', {}], ['not base64', '!!'], ['text', Buffer.from('x').toString('base64')], ['array', Buffer.from('[]').toString('base64')], ['empty object', Buffer.from('{}').toString('base64')], ['invalid utf-8', Buffer.from([0xff, 0xfe]).toString('base64')]]) transport(`data ${what}`, (ctx, d) => json(ctx.response, wrap(ctx.message, d, { data })));
for (const name of ['success', 'message_id', 'data']) transport(`${name} duplicated`, (ctx, d) => { const w = wrap(ctx.message, d); json(ctx.response, JSON.stringify(w).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(w[name])},`)); });
for (const body of ['', ' ', 'null', '[]', '"x"', '{', '{}', 'garbage', '\0', '\ufeff{}', '{"success":true}']) transport(`body ${JSON.stringify(body)}`, (ctx) => json(ctx.response, body));
transport('trailing text', (ctx, d) => json(ctx.response, JSON.stringify(wrap(ctx.message, d)) + '{}'));
transport('deep nesting', (ctx, d) => json(ctx.response, JSON.stringify(wrap(ctx.message, d)).replace('{', '{"a":' + '['.repeat(200) + ']'.repeat(200) + ',')));
transport('5 MiB of white space', (ctx, d) => json(ctx.response, JSON.stringify(wrap(ctx.message, d)) + ' '.repeat(5 * 1024 * 1024)));
transport('gzip', (ctx, d) => json(ctx.response, gzipSync(JSON.stringify(wrap(ctx.message, d))), 200, { 'content-encoding': 'gzip' }));
transport('a gzip bomb', (ctx) => json(ctx.response, gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20)), 200, { 'content-encoding': 'gzip' }));
transport('a body cut short', (ctx, d) => { ctx.response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' }); ctx.response.write(JSON.stringify(wrap(ctx.message, d))); setTimeout(() => ctx.response.destroy(), 20); });
transport('the connection closed', (ctx) => ctx.response.destroy());
transport('an endless body', (ctx) => { ctx.response.writeHead(200); const feed = () => { while (!ctx.response.destroyed && ctx.response.write(Buffer.alloc(65536, 0x20))); }; ctx.response.on('drain', feed); feed(); });

// Cookie challenges.
const challenge = (message, cookie, change = {}) => ({ success: false, message_id: message.id, task_id: message.task_id, error: 'cookie required or invalid', data: Buffer.from(typeof cookie === 'string' ? cookie : JSON.stringify(cookie)).toString('base64'), ...change });
add('one cookie challenge', 'ok', (ctx) => {
  const cookie = 'abc-_123', key = ctx.message.context_id, first = ctx.state.get(key);
  if (!first) { ctx.state.set(key, ctx.payload); return json(ctx.response, challenge(ctx.message, { cookie })); }
  const p = ctx.payload, fresh = ['nonce', 'enc', 'ephC'].every((n) => p[n] !== first[n]);
  if (ctx.message.metadata?.cookie !== cookie || !fresh) return json(ctx.response, { success: false, message_id: ctx.message.id, error: 'authentication failed' });
  json(ctx.response, wrap(ctx.message, ctx.respond().data));
});
add('a cookie for every try', 'refused', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' })));
const once = (name, make) => add(name, 'refused', (ctx) => { if (!ctx.state.get(ctx.message.context_id)) { ctx.state.set(ctx.message.context_id, 1); return make(ctx); } json(ctx.response, wrap(ctx.message, ctx.respond().data)); });
for (const [what, cookie] of [['empty', { cookie: '' }], ['too long', { cookie: 'a'.repeat(1025) }], ['standard alphabet', { cookie: 'ab+/' }], ['padded', { cookie: 'abc=' }], ['white space', { cookie: 'ab c' }], ['number', { cookie: 1 }], ['null', { cookie: null }], ['missing', {}], ['another member', { cookie: 'abc', more: 'x' }], ['array', ['abc']], ['text', '"abc"'], ['duplicated', '{"cookie":"abc","cookie":"abc"}'], ['garbage', 'x']]) once(`cookie ${what}`, (ctx) => json(ctx.response, challenge(ctx.message, cookie)));
once('cookie with success true', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' }, { success: true })));
once('cookie with another error', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' }, { error: 'authentication failed' })));
once('cookie without data', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' }, { data: undefined })));
once('cookie for another message', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' }, { message_id: 'x' })));
for (const status of [201, 401, 403, 429, 503]) once(`cookie with status ${status}`, (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' }), status));

// Honest handshake, hostile record.
const record = (name, expect, make) => add(name, expect, null, make);
const reply = (ctx, bytes, change = {}) => json(ctx.response, { success: true, message_id: ctx.message.id, data: bytes.toString('base64'), ...change });
record('an honest record', 'ok', (ctx) => reply(ctx, ctx.session.seal(ctx.echo)));
record('a record with a sequence ahead', 'ok', (ctx) => reply(ctx, ctx.session.seal(ctx.echo, { sequence: 700n })));
record('the request reflected', 'refused', (ctx) => reply(ctx, Buffer.from(ctx.message.payload, 'base64')));
record('sealed for the other direction', 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo, { direction: 'c2s' })));
record('with additional data', 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo, { aad: Buffer.from('x') })));
for (let i = 0; i < 45; i++) record(`record byte ${i} changed`, 'refused', (ctx) => { const bytes = ctx.session.seal(ctx.echo); bytes[i % bytes.length] ^= 1 << (i % 8); reply(ctx, bytes); });
for (const cut of [0, 1, 8, 19, 20, 35, 36]) record(`record cut to ${cut}`, 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo).subarray(0, cut)));
record('record a byte longer', 'refused', (ctx) => reply(ctx, Buffer.concat([ctx.session.seal(ctx.echo), Buffer.from([0])])));
record('random record', 'refused', (ctx) => reply(ctx, randomBytes(80)));
record('record refused', 'refused', (ctx) => json(ctx.response, { success: false, message_id: ctx.message.id, error: 'authentication failed' }));
record('record refused with data', 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo), { success: false }));
record('record with an error', 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo), { error: 'x' }));
record('record of another message_id', 'refused', (ctx) => reply(ctx, ctx.session.seal(ctx.echo), { message_id: 'x' }));
record('cookie challenge to a record', 'refused', (ctx) => json(ctx.response, challenge(ctx.message, { cookie: 'abc' })));
for (const status of [201, 302, 307, 401, 500]) record(`record with status ${status}`, 'refused', (ctx) => { ctx.response.statusCode = status; if (status > 300 && status < 400) ctx.response.setHeader('location', ctx.url + '/honest/messages'); ctx.response.end(JSON.stringify({ success: true, message_id: ctx.message.id, data: ctx.session.seal(ctx.echo).toString('base64') })); });
for (const body of ['', 'x', '{}', 'null']) record(`record answered ${JSON.stringify(body)}`, 'refused', (ctx) => json(ctx.response, body));

const self = {}, other = new s.Identity('other', o.algorithm, '');
const states = cases.map(() => new Map()), sessions = new Map();
const server = createServer(async (request, response) => {
  try {
    let body = '';
    for await (const chunk of request) body += chunk;
    const index = request.url === '/honest/messages' ? 0 : Number(/^\/case-(\d+)\/messages$/.exec(request.url)[1]);
    const message = JSON.parse(body), handshake = message.task_id === s.TASK;
    const ctx = {
      self: self.identity, other, message, response, url: self.url, state: states[index], payload: handshake ? JSON.parse(Buffer.from(message.payload, 'base64')) : null,
      respond: (options) => { const r = s.respond(self.identity, o.registry, message, options); sessions.set(r.session.kid, r.session); return r; },
      sign: (data, changed) => { if (changed === 'sigB64') return data; const { sigB64, ...rest } = data; return { ...rest, sigB64: s.b64u(self.identity.sign(Buffer.from('{' + Object.keys(rest).sort().map((n) => `${JSON.stringify(n)}:${JSON.stringify(rest[n])}`).join(',') + '}'))) }; },
    };
    if (handshake) return (cases[index].handshake ?? cases[0].handshake)(ctx);
    ctx.session = sessions.get(message.metadata.kid);
    ctx.echo = Buffer.concat([Buffer.from('echo:'), ctx.session.open(Buffer.from(message.payload, 'base64'))]);
    (cases[index].record ?? ((x) => reply(x, x.session.seal(x.echo))))(ctx);
  } catch (e) {
    console.error(request.url, e);
    response.writeHead(500);
    response.end();
  }
});
server.listen(0, '127.0.0.1', () => {
  self.url = `http://127.0.0.1:${server.address().port}`;
  self.identity = new s.Identity('liar', o.algorithm, self.url);
  s.register(o.registry, self.identity.record(), other.record());
  console.log(JSON.stringify({ did: self.identity.did, url: self.url, cases: cases.map(({ name, expect }, i) => ({ name, path: `/case-${i}`, expect })) }));
});
