// Writes test/vectors/proofs.json: EIP-712 messages, digests and signatures computed by code that shares nothing with
// the contracts (Node's crypto, the js-sha3 that solc brings along, and the EIP's text). The Solidity tests and the
// library's tests read the same file.
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const path = require("path");
const { keccak256 } = require("js-sha3");

const chainId = 31337n;
const registry = "0x5615deb798bb3e4dfa0139dfa1b3d433cc23b72f";
const hash = (...parts) => Buffer.from(keccak256.arrayBuffer(Buffer.concat(parts)));
const text = (value) => Buffer.from(value, "utf8");
const hex = (value) => `0x${value.toString("hex")}`;
const word = (value) =>
  Buffer.from((typeof value === "string" ? value.replace(/^0x/, "") : BigInt(value).toString(16)).padStart(64, "0"), "hex");

const domain = hash(
  hash(text("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")),
  hash(text("SageKeyRegistry")), hash(text("1")), word(chainId), word(registry));
const proofType = hash(text("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)"));
const revocationType = hash(text("KeyRevocation(uint256 agentId,bytes32 keyId)"));
const message = (struct) => Buffer.concat([Buffer.from([0x19, 0x01]), domain, struct]);

// Keys come from a counter, so that the file is the same each time; only ECDSA signatures are not.
const seed = (label) => crypto.createHash("sha256").update(`sage contracts ${label}`).digest();
const okp = { ed25519: "302e020100300506032b657004220420", x25519: "302e020100300506032b656e04220420" };

function edwards(type, label) {
  const der = Buffer.concat([Buffer.from(okp[type], "hex"), seed(label)]);
  const secret = crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return { secret, publicKey: Buffer.from(crypto.createPublicKey(secret).export({ format: "jwk" }).x, "base64url") };
}

function weierstrass(curve, jwkCurve, label) {
  const ecdh = crypto.createECDH(curve);
  ecdh.setPrivateKey(seed(label));
  const point = ecdh.getPublicKey();
  const jwk = {
    kty: "EC", crv: jwkCurve, d: seed(label).toString("base64url"),
    x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url"),
  };
  return {
    secret: crypto.createPrivateKey({ key: jwk, format: "jwk" }), scalar: seed(label),
    publicKey: ecdh.getPublicKey(null, "compressed"),
  };
}

const owners = ["0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", "0xffffffffffffffffffffffffffffffffffffffff"];
const agentIds = [0n, 5n, (1n << 256n) - 1n];
const makers = {
  1: (label) => weierstrass("secp256k1", "secp256k1", label),
  2: (label) => weierstrass("prime256v1", "P-256", label),
  3: (label) => edwards("ed25519", label),
  4: (label) => edwards("x25519", label),
};

const cases = [];
for (let i = 0; i < 24; i++) {
  const keyType = (i % 4) + 1;
  const purposes = keyType === 4 ? 4 : (i % 3) + 1;
  const agentId = agentIds[i % agentIds.length];
  const owner = owners[i % owners.length];
  const key = makers[keyType](`key ${i}`);
  const keyId = hash(Buffer.from([keyType]), key.publicKey);
  const proofMessage = message(hash(proofType, word(agentId), word(owner), word(keyType), word(purposes), hash(key.publicKey)));
  const revocationMessage = message(hash(revocationType, word(agentId), keyId));
  let proof = Buffer.alloc(0);
  if (keyType === 2) {
    proof = crypto.sign("sha256", proofMessage, { key: key.secret, dsaEncoding: "ieee-p1363" });
  } else if (keyType === 3) {
    proof = crypto.sign(null, proofMessage, key.secret);
  }
  cases.push({
    agentId: word(agentId).toString("hex").replace(/^/, "0x"), owner, keyType, purposes,
    publicKey: hex(key.publicKey), keyId: hex(keyId),
    // Node cannot sign a digest, so the tests make the proofs of secp256k1 keys from the scalar.
    scalar: keyType === 1 ? hex(key.scalar) : hex(Buffer.alloc(32)),
    proofMessage: hex(proofMessage), proofDigest: hex(hash(proofMessage)),
    revocationMessage: hex(revocationMessage), revocationDigest: hex(hash(revocationMessage)),
    proof: hex(proof),
  });
}

const target = path.join(__dirname, "..", "test", "vectors", "proofs.json");
fs.mkdirSync(path.dirname(target), { recursive: true });
fs.writeFileSync(target, `${JSON.stringify({ chainId: Number(chainId), registry, count: cases.length, cases }, null, 2)}\n`);
console.log(`${cases.length} cases written`);
