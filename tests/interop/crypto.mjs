// Primitives the peer needs beyond node:crypto. Written from the standards alone, for tests only: slow and not constant time.
import { createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, sign, verify, randomBytes } from 'node:crypto';

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
export const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
export const extract = (salt, ikm) => hmac(salt.length ? salt : Buffer.alloc(32), ikm);
export function expand(prk, info, length) {
  let out = Buffer.alloc(0), block = Buffer.alloc(0);
  for (let i = 1; out.length < length; i++) {
    block = hmac(prk, block, info, Buffer.from([i]));
    out = Buffer.concat([out, block]);
  }
  return out.subarray(0, length);
}

// Keccak-256 with the original padding (FIPS 202's permutation).
const MASK = (1n << 64n) - 1n;
const rotl = (v, n) => n === 0n ? v : ((v << n) | (v >> (64n - n))) & MASK;
const ROUND = [];
{
  let lfsr = 1;
  for (let round = 0; round < 24; round++) {
    let constant = 0n;
    for (let j = 0; j < 7; j++) {
      if (lfsr & 1) constant |= 1n << BigInt((1 << j) - 1);
      lfsr = (lfsr << 1) ^ ((lfsr >> 7) * 0x171);
    }
    ROUND.push(constant);
  }
}
export function keccak256(data) {
  const rate = 136, length = Math.ceil((data.length + 1) / rate) * rate, padded = Buffer.alloc(length);
  Buffer.from(data).copy(padded);
  padded[data.length] ^= 0x01;
  padded[length - 1] ^= 0x80;
  let a = new Array(25).fill(0n);
  for (let at = 0; at < length; at += rate) {
    for (let i = 0; i < rate / 8; i++) a[i] ^= padded.readBigUInt64LE(at + i * 8);
    for (let round = 0; round < 24; round++) {
      const c = [0, 1, 2, 3, 4].map((x) => a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20]);
      for (let i = 0; i < 25; i++) a[i] ^= c[(i + 4) % 5] ^ rotl(c[(i + 1) % 5], 1n);
      const b = new Array(25);
      let x = 1, y = 0;
      b[0] = a[0];
      for (let t = 0; t < 24; t++) {
        const [nx, ny] = [y, (2 * x + 3 * y) % 5];
        b[nx + 5 * ny] = rotl(a[x + 5 * y], BigInt(((t + 1) * (t + 2) / 2) % 64));
        [x, y] = [nx, ny];
      }
      for (let i = 0; i < 25; i++) {
        const row = i - (i % 5);
        a[i] = b[i] ^ (~b[row + ((i + 1) % 5)] & MASK & b[row + ((i + 2) % 5)]);
      }
      a[0] ^= ROUND[round];
    }
  }
  const out = Buffer.alloc(32);
  for (let i = 0; i < 4; i++) out.writeBigUInt64LE(a[i], i * 8);
  return out;
}

// secp256k1 over BigInt.
const P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const G = [0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n, 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n];
const mod = (v, m) => ((v % m) + m) % m;
function inverse(v, m) {
  let [a, b, x, y] = [mod(v, m), m, 1n, 0n];
  while (a > 1n) { const q = b / a; [a, b, x, y] = [b % a, a, y - q * x, x]; }
  return mod(x, m);
}
function add(p, q) {
  if (!p) return q;
  if (!q) return p;
  if (p[0] === q[0] && p[1] !== q[1]) return null;
  const slope = p[0] === q[0] ? mod(3n * p[0] * p[0] * inverse(2n * p[1], P), P) : mod((q[1] - p[1]) * inverse(q[0] - p[0], P), P);
  const x = mod(slope * slope - p[0] - q[0], P);
  return [x, mod(slope * (p[0] - x) - p[1], P)];
}
function multiply(p, k) {
  let out = null;
  for (let bit = p; k > 0n; k >>= 1n) { if (k & 1n) out = add(out, bit); bit = add(bit, bit); }
  return out;
}
const big = (b) => BigInt('0x' + Buffer.from(b).toString('hex'));
const bytes32 = (v) => Buffer.from(v.toString(16).padStart(64, '0'), 'hex');
export function secpPublic(secret) { const q = multiply(G, big(secret)); return Buffer.concat([Buffer.from([4]), bytes32(q[0]), bytes32(q[1])]); }
export function secpSign(secret, digest) {
  const d = big(secret), e = big(digest);
  for (;;) {
    const k = mod(big(randomBytes(40)), N - 1n) + 1n, point = multiply(G, k), r = mod(point[0], N);
    let s = mod(inverse(k, N) * (e + r * d), N), v = Number(point[1] & 1n);
    if (r === 0n || s === 0n || point[0] >= N) continue;
    if (s > N / 2n) { s = N - s; v ^= 1; }
    return Buffer.concat([bytes32(r), bytes32(s), Buffer.from([v])]);
  }
}
export function secpVerify(pub, digest, signature) {
  if (signature.length !== 64 && signature.length !== 65) return false;
  const r = big(signature.subarray(0, 32)), s = big(signature.subarray(32, 64));
  if (r === 0n || s === 0n || r >= N || s >= N) return false;
  const q = [big(pub.subarray(1, 33)), big(pub.subarray(33, 65))], w = inverse(s, N);
  const point = add(multiply(G, mod(big(digest) * w, N)), multiply(q, mod(r * w, N)));
  return point !== null && mod(point[0], N) === r;
}

// Ed25519 and X25519 through node:crypto, raw 32-byte forms.
const okp = (crv, d, x) => ({ kty: 'OKP', crv, ...(d ? { d: d.toString('base64url') } : {}), x: x.toString('base64url') });
const rawPublic = (crv, d) => Buffer.from(createPublicKey(privateOf(crv, d)).export({ format: 'jwk' }).x, 'base64url');
const prefix = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' };
const privateOf = (crv, d) => createPrivateKey({ key: Buffer.concat([Buffer.from(prefix[crv], 'hex'), d]), format: 'der', type: 'pkcs8' });
export const edPublic = (seed) => rawPublic('Ed25519', seed);
export const edSign = (seed, message) => sign(null, message, privateOf('Ed25519', seed));
export const edVerify = (pub, message, signature) => verify(null, message, createPublicKey({ key: okp('Ed25519', null, pub), format: 'jwk' }), signature);
export const xPublic = (secret) => rawPublic('X25519', secret);
export const xAgree = (secret, pub) => diffieHellman({ privateKey: privateOf('X25519', secret), publicKey: createPublicKey({ key: okp('X25519', null, pub), format: 'jwk' }) });
