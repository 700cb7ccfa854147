// A second implementation of SAGE profile P1, written from the profile alone. For tests only.
import { createCipheriv, createDecipheriv, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync, renameSync, existsSync } from 'node:fs';
import * as c from './crypto.mjs';

const SUITE = 'suite=hpke-base+x25519+hkdf-sha256|combiner=e2e-x25519-hkdf-v1';
export const TASK = 'hpke/complete@v1';
export const infoText = (ctx, init, resp) => `sage/hpke-info|v1|${SUITE}|ctx=${ctx}|init=${init}|resp=${resp}`;
export const exportText = (ctx) => `sage/hpke-export|v1|${SUITE}|ctx=${ctx}`;
export const b64u = (b) => Buffer.from(b).toString('base64url');
export const now = (offset = 0) => new Date(Date.now() + offset * 1000).toISOString().replace('Z', '123456Z');

// Identity and registry ---------------------------------------------------------------------------------------------
export class Identity {
  constructor(name, algorithm, endpoint) {
    Object.assign(this, { name, algorithm, endpoint, owner: randomBytes(32), seed: randomBytes(32), kem: randomBytes(32) });
    this.address = '0x' + c.keccak256(c.secpPublic(this.owner).subarray(1)).subarray(12).toString('hex');
    this.did = `did:sage:ethereum:${this.address}`;
    this.publicKey = algorithm === 'secp256k1' ? c.secpPublic(this.owner) : c.edPublic(this.seed);
  }
  sign(message) { return this.algorithm === 'secp256k1' ? c.secpSign(this.owner, c.keccak256(message)) : c.edSign(this.seed, message); }
  record(change = {}) {
    const digest = c.sha256(`SAGE-PoP:${this.did}:${this.publicKey.toString('hex')}`);
    const signature = this.algorithm === 'secp256k1' ? c.secpSign(this.owner, digest) : c.edSign(this.seed, digest);
    const created = now();
    return {
      did: this.did, name: this.name, description: 'a peer written from the profile', endpoint: this.endpoint,
      keys: [{ type: this.algorithm === 'secp256k1' ? 0 : 1, key_data: this.publicKey.toString('base64'), signature: signature.toString('base64'), verified: true, created_at: created }],
      capabilities: {}, owner: this.address, is_active: true, public_kem_key: c.xPublic(this.kem).toString('base64'), created_at: created, updated_at: created, ...change,
    };
  }
}
export function readRegistry(file) { return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { records: [] }; }
export function register(file, ...records) {
  const registry = readRegistry(file);
  for (const record of records) registry.records = [...registry.records.filter((r) => r.did !== record.did), record];
  writeFileSync(file + '.peer', JSON.stringify(registry));
  renameSync(file + '.peer', file);
}
export function lookup(file, did) {
  const record = readRegistry(file).records.find((r) => r.did === did);
  if (!record?.is_active) throw new Error('no active record of ' + did);
  const verified = record.keys.filter((k) => k.verified);
  const key = verified.find((k) => k.type === 0) ?? verified.find((k) => k.type === 1);
  return { endpoint: record.endpoint, type: key.type, publicKey: Buffer.from(key.key_data, 'base64'), kem: Buffer.from(record.public_kem_key, 'base64') };
}
export const verifyBy = (key, message, signature) =>
  key.type === 0 ? c.secpVerify(key.publicKey, c.keccak256(message), signature) : signature.length === 64 && c.edVerify(key.publicKey, message, signature);

// HPKE export (RFC 9180, base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305) -----------------------------------------
const kemSuite = Buffer.concat([Buffer.from('KEM'), Buffer.from([0, 0x20])]);
const hpkeSuite = Buffer.concat([Buffer.from('HPKE'), Buffer.from([0, 0x20, 0, 1, 0, 3])]);
const labeledExtract = (suite, salt, label, ikm) => c.extract(salt, Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), ikm]));
const labeledExpand = (suite, prk, label, info, length) =>
  c.expand(prk, Buffer.concat([Buffer.from([length >> 8, length & 255]), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info]), length);
function exporter(dh, enc, recipient, info, context) {
  const shared = labeledExpand(kemSuite, labeledExtract(kemSuite, Buffer.alloc(0), 'eae_prk', dh), 'shared_secret', Buffer.concat([enc, recipient]), 32);
  const empty = Buffer.alloc(0);
  const schedule = Buffer.concat([Buffer.from([0]), labeledExtract(hpkeSuite, empty, 'psk_id_hash', empty), labeledExtract(hpkeSuite, empty, 'info_hash', Buffer.from(info))]);
  const secret = labeledExtract(hpkeSuite, shared, 'secret', empty);
  return labeledExpand(hpkeSuite, labeledExpand(hpkeSuite, secret, 'exp', schedule, 32), 'sec', Buffer.from(context), 32);
}
export function seedOf(exported, ss, context) { return c.expand(c.extract(Buffer.from(context), Buffer.concat([exported, ss])), Buffer.from('SAGE-HPKE+E2E-Combiner'), 32); }
const lengthPrefixed = (text) => { const b = Buffer.from(text); return Buffer.concat([Buffer.from([b.length >> 8, b.length & 255]), b]); };
export function ackTag(seed, { ctx, nonce, kid, info, exportCtx, enc, ephC, ephS, init, resp }) {
  const zero = Buffer.from([0]);
  const transcript = c.sha256(...[info, exportCtx, enc, ephC, ephS, init, resp].flatMap((p) => [zero, Buffer.from(p)]));
  const key = c.hmac(seed, Buffer.from('SAGE-ack-key-v1'), Buffer.from([0, 0, 0, 1]));
  return c.hmac(key, Buffer.from('SAGE-ack-msg|v1|'), lengthPrefixed(ctx), lengthPrefixed(nonce), lengthPrefixed(kid), transcript);
}

// Records -----------------------------------------------------------------------------------------------------------
export class Session {
  constructor(seed, initiator, extra) {
    Object.assign(this, extra, { seed, sequence: 0n });
    this.sid = b64u(c.sha256('sage/hpke+e2e v1', seed).subarray(0, 16));
    const keys = c.expand(c.extract(Buffer.from(this.sid), seed), Buffer.from('sage-directional-keys-v1'), 128);
    this.base = { c2s: keys.subarray(0, 32), s2c: keys.subarray(64, 96) };
    [this.out, this.in] = initiator ? ['c2s', 's2c'] : ['s2c', 'c2s'];
  }
  key(direction, sequence) {
    const generation = sequence / 256n;
    if (generation === 0n) return this.base[direction];
    const be = Buffer.alloc(8);
    be.writeBigUInt64BE(generation);
    return c.expand(c.extract(Buffer.from(this.sid), this.seed), Buffer.concat([Buffer.from('sage-session-rekey-v1' + direction), be]), 32);
  }
  seal(plaintext, { sequence = this.sequence++, aad = Buffer.alloc(0), direction = this.out } = {}) {
    const header = Buffer.alloc(8), nonce = randomBytes(12);
    header.writeBigUInt64BE(sequence);
    const cipher = createCipheriv('chacha20-poly1305', this.key(direction, sequence), nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.concat([header, aad]), { plaintextLength: plaintext.length });
    return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }
  open(record) {
    const header = record.subarray(0, 8), sequence = header.readBigUInt64BE();
    const cipher = createDecipheriv('chacha20-poly1305', this.key(this.in, sequence), record.subarray(8, 20), { authTagLength: 16 });
    cipher.setAAD(header, { plaintextLength: record.length - 36 });
    cipher.setAuthTag(record.subarray(-16));
    const plaintext = cipher.update(record.subarray(20, -16));
    cipher.final();
    return plaintext;
  }
}

// Initiator ---------------------------------------------------------------------------------------------------------
export function initiation(self, respDid, kem, { ctx = 'ctx-' + randomUUID(), payload: change = {}, envelope = {}, raw, signer = self, secrets = {} } = {}) {
  const ephC = randomBytes(32), ephE = randomBytes(32), info = infoText(ctx, self.did, respDid), exportCtx = exportText(ctx);
  const enc = c.xPublic(ephE);
  const payload = { initDid: self.did, respDid, info, exportCtx, nonce: randomUUID(), ts: now(), enc: b64u(enc), ephC: b64u(c.xPublic(ephC)), ...change };
  const bytes = raw ? raw(payload) : Buffer.from(JSON.stringify(payload));
  Object.assign(secrets, { ctx, info, exportCtx, enc, ephC, ephE, kem, nonce: payload.nonce, payload, respDid });
  return { id: randomUUID(), context_id: ctx, task_id: TASK, payload: bytes.toString('base64'), did: self.did, signature: signer.sign(bytes).toString('base64'), role: 'user', ...envelope };
}
export function complete(self, secrets, data, peerKey) {
  const r = JSON.parse(data.toString('utf8'));
  const names = ['ackTagB64', 'ctx', 'did', 'enc', 'ephC', 'ephS', 'exportCtxHash', 'infoHash', 'kid', 'task', 'ts', 'v'];
  const signed = Buffer.from('{' + names.map((n) => `${JSON.stringify(n)}:${JSON.stringify(r[n])}`).join(',') + '}');
  const check = (ok, what) => { if (!ok) throw new Error('completion: ' + what); };
  check(Object.keys(r).sort().join() === [...names, 'sigB64'].sort().join(), 'members');
  check(r.v === 'v1' && r.task === TASK && r.ctx === secrets.ctx && r.did === secrets.respDid, 'v, task, ctx, did');
  check(Math.abs(Date.parse(r.ts) - Date.now()) < 120_000, 'ts');
  check(verifyBy(peerKey, signed, Buffer.from(r.sigB64, 'base64url')), 'signature');
  check(r.enc === secrets.payload.enc && r.ephC === secrets.payload.ephC, 'echoes');
  check(r.infoHash === b64u(c.sha256(secrets.info)) && r.exportCtxHash === b64u(c.sha256(secrets.exportCtx)), 'hashes');
  const ephS = Buffer.from(r.ephS, 'base64url');
  const seed = seedOf(exporter(c.xAgree(secrets.ephE, secrets.kem), secrets.enc, secrets.kem, secrets.info, secrets.exportCtx), c.xAgree(secrets.ephC, ephS), secrets.exportCtx);
  const tag = ackTag(seed, { ...secrets, kid: r.kid, ephC: c.xPublic(secrets.ephC), ephS, init: self.did, resp: secrets.respDid });
  check(timingSafeEqual(tag, Buffer.from(r.ackTagB64, 'base64url')), 'ackTag');
  return new Session(seed, true, { kid: r.kid, ctx: secrets.ctx });
}
export async function post(base, message, { headers = true, extra = {} } = {}) {
  const set = headers ? { 'X-SAGE-DID': message.did, 'X-SAGE-Message-ID': message.id, ...(message.context_id ? { 'X-SAGE-Context-ID': message.context_id } : {}), ...(message.task_id ? { 'X-SAGE-Task-ID': message.task_id } : {}) } : {};
  const body = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
  const response = await fetch(base.replace(/\/$/, '') + '/messages', { method: 'POST', headers: { 'content-type': 'application/json', ...set, ...extra }, body });
  const text = await response.text();
  let json = null;
  try { json = JSON.parse(text); } catch { /* a text body is judged by its status */ }
  return { status: response.status, text, json };
}
export async function open(self, registry, did, base, options = {}) {
  const peer = lookup(registry, did), secrets = {};
  let answer = await post(base, initiation(self, did, peer.kem, { ...options, secrets }));
  if (answer.json?.error === 'cookie required or invalid') {
    const { cookie } = JSON.parse(Buffer.from(answer.json.data, 'base64').toString());
    answer = await post(base, initiation(self, did, peer.kem, { ...options, ctx: secrets.ctx, secrets, envelope: { ...options.envelope, metadata: { cookie } } }));
  }
  if (!answer.json?.success) throw new Error('handshake refused: ' + answer.text);
  return complete(self, secrets, Buffer.from(answer.json.data, 'base64'), peer);
}
export const recordMessage = (self, session, record, change = {}) => ({
  id: randomUUID(), context_id: session.ctx, payload: record.toString('base64'), did: self.did, signature: self.sign(record).toString('base64'), role: 'user', metadata: { kid: session.kid }, ...change,
});

// Responder ---------------------------------------------------------------------------------------------------------
export function respond(self, registry, message, { response: change = {}, drop = [], add = {}, resign = true, kem = self.kem } = {}) {
  const payload = Buffer.from(message.payload, 'base64'), p = JSON.parse(payload.toString()), ctx = message.context_id;
  const peer = lookup(registry, message.did);
  if (!verifyBy(peer, payload, Buffer.from(message.signature, 'base64'))) throw new Error('initiation signature');
  const info = infoText(ctx, p.initDid, p.respDid), exportCtx = exportText(ctx);
  if (p.info !== info || p.exportCtx !== exportCtx || p.respDid !== self.did || p.initDid !== message.did) throw new Error('initiation strings');
  const enc = Buffer.from(p.enc, 'base64url'), ephC = Buffer.from(p.ephC, 'base64url'), secret = randomBytes(32), ephS = c.xPublic(secret), kid = 'kid-' + randomUUID();
  const seed = seedOf(exporter(c.xAgree(kem, enc), enc, c.xPublic(kem), info, exportCtx), c.xAgree(secret, ephC), exportCtx);
  const tag = ackTag(seed, { ctx, nonce: p.nonce, kid, info, exportCtx, enc, ephC, ephS, init: p.initDid, resp: p.respDid });
  let r = { v: 'v1', task: TASK, ctx, kid, ephS: b64u(ephS), ackTagB64: b64u(tag), ts: now(), did: self.did, infoHash: b64u(c.sha256(info)), exportCtxHash: b64u(c.sha256(exportCtx)), enc: p.enc, ephC: p.ephC };
  const signOver = (o) => b64u(self.sign(Buffer.from('{' + Object.keys(o).sort().map((n) => `${JSON.stringify(n)}:${JSON.stringify(o[n])}`).join(',') + '}')));
  const honest = signOver(r);
  r = { ...r, ...change };
  for (const name of drop) delete r[name];
  r = { ...r, sigB64: resign ? signOver(r) : honest, ...add };
  if (change.sigB64 !== undefined) r.sigB64 = change.sigB64;
  if (drop.includes('sigB64')) delete r.sigB64;
  return { data: r, session: new Session(seed, false, { kid, ctx, peer, peerDid: message.did }) };
}
