// Lets other implementations of RFC 9421 sign and verify. One JSON object per line in, one per line out, in the same order.
//
// {op, library, message, key | keys, algorithm, label, components, parameters}
//   op         "sign", "verify", "directory" (signs the answer of a key directory with `keys`) or "thumbprint"
//   library    "http-message-signatures", "web-bot-auth" or "http-message-sig" (which web-bot-auth is built upon)
//   message    {method, url, fields: [[name, value], …]}, or {status, fields, request: {…}}; a field may stand there more than once
//   key        a JWK: private to sign, public to verify; a shared secret has {kty: "oct"}
//   components the identifiers as they stand in Signature-Input
//   parameters {created, expires, nonce, keyid, alg, tag}; times in seconds
//   required, all  the options requiredFields and all of http-message-signatures
// Answers: {fields: {…}}, {valid: true | false}, {thumbprint}, or {error} when the library threw.
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createSigner, createVerifier, httpbis } from 'http-message-signatures';
import * as sig from 'http-message-sig';

globalThis.crypto ??= webcrypto;
const { directoryResponseHeaders, jwkToKeyID, signatureHeaders, verify } = await import('web-bot-auth');
const { helpers, signerFromJWK, verifierFromJWK } = await import('web-bot-auth/crypto');

const seconds = (time) => (time === undefined ? undefined : new Date(time * 1000));
const thumbprint = (jwk) => jwkToKeyID(jwk, helpers.WEBCRYPTO_SHA256, helpers.BASE64URL_DECODE);

/** The fields as an object; those that stand there more than once, in whatever case, become arrays. */
function headersOf(fields) {
  const headers = {};
  const spellings = {};
  for (const [name, value] of fields) {
    const first = (spellings[name.toLowerCase()] ??= name);
    headers[first] = first in headers ? [].concat(headers[first], value) : value;
  }
  return headers;
}

const plain = ({ fields, request, ...rest }) => ({ ...rest, headers: headersOf(fields) });

/** What http-message-sig calls a pair, for a response that answers a request. */
const paired = (message) => (message.request ? { request: plain(message.request), response: plain(message) } : plain(message));

const signatureFields = (headers) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => /^signature(-input)?$/i.test(name)).map(([name, value]) => [name.toLowerCase(), value]));

function keyObject(jwk, make) {
  return jwk.kty === 'oct' ? Buffer.from(jwk.k, 'base64url') : make({ key: jwk, format: 'jwk' });
}

/** "name";key="a" as http-message-sig wants it: the name, or the name with its parameters. */
function component(identifier) {
  const [name, ...parameters] = identifier.split(';');
  const bare = name.slice(1, -1);
  return parameters.length === 0 ? bare : {
    name: bare,
    parameters: new Map(parameters.map((parameter) => {
      const [key, value] = parameter.split('=');
      return [key, value === undefined ? true : value.slice(1, -1)];
    })),
  };
}

const libraries = {
  'http-message-signatures': {
    async sign({ message, key, algorithm, label, components, parameters }) {
      const { created, expires, ...others } = parameters;
      const signed = await httpbis.signMessage({
        key: createSigner(keyObject(key, createPrivateKey), algorithm),
        name: label,
        fields: components,
        params: Object.keys(parameters),
        paramValues: { ...others, created: seconds(created) ?? null, expires: seconds(expires) },
      }, plain(message), message.request && plain(message.request));
      return signatureFields(signed.headers);
    },
    async verify({ message, key, algorithm, required, all }) {
      const verifier = createVerifier(keyObject(key, createPublicKey), algorithm);
      const verified = await httpbis.verifyMessage({
        requiredFields: required,
        all,
        keyLookup: () => ({ algs: [algorithm], verify: verifier }),
      }, plain(message), message.request && plain(message.request));
      return verified === true;
    },
  },
  'web-bot-auth': {
    async sign({ message, key, label, components, parameters }) {
      return signatureFields(await signatureHeaders(plain(message), await signerFromJWK(key), {
        created: seconds(parameters.created),
        expires: seconds(parameters.expires),
        nonce: parameters.nonce,
        key: label,
        components: components?.map(component),
      }));
    },
    async verify({ message, keys }) {
      // As its documentation says: the key is the one of the directory that has the thumbprint.
      await verify(paired(message), async (data, signature, parameters) => {
        for (const key of keys) {
          if (await thumbprint(key) === parameters.keyid) {
            return (await verifierFromJWK(key))(data, signature, parameters);
          }
        }
        throw new Error('unknown key');
      });
      return true;
    },
  },
  'http-message-sig': {
    async verify({ message, key }) {
      await sig.verify(paired(message), await verifierFromJWK(key));
      return true;
    },
  },
};

async function answer(question) {
  const library = libraries[question.library];
  switch (question.op) {
    case 'sign':
      return { fields: await library.sign(question) };
    case 'verify':
      return { valid: await library.verify(question) };
    case 'directory': {
      const signers = await Promise.all(question.keys.map(signerFromJWK));
      const { created, expires } = question.parameters;
      return { fields: signatureFields(await directoryResponseHeaders(paired(question.message), signers, { created: seconds(created), expires: seconds(expires) })) };
    }
    case 'thumbprint':
      return { thumbprint: await thumbprint(question.key) };
    default:
      throw new Error(`unknown op ${question.op}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = await answer(JSON.parse(line));
  } catch (error) {
    said = { error: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
