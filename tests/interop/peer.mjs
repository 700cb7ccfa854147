// node peer.mjs dial  --registry FILE --to DID --url BASE --algorithm A [--count N] [--size BYTES]
// node peer.mjs serve --registry FILE --algorithm A          prints {"did","url"} and answers "echo:" + message until killed
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import * as s from './sage.mjs';

const { positionals: [mode], values: o } = parseArgs({
  allowPositionals: true,
  options: { registry: { type: 'string' }, to: { type: 'string' }, url: { type: 'string' }, algorithm: { type: 'string', default: 'ed25519' }, count: { type: 'string', default: '1' }, size: { type: 'string', default: '0' } },
});

if (mode === 'dial') {
  const self = new s.Identity('dialler', o.algorithm, 'http://127.0.0.1:1');
  s.register(o.registry, self.record());
  let session = null, used = 0, sessions = 0;
  for (let i = 1; i <= Number(o.count); i++) {
    if (!session || used + 2 > 1000) [session, used, sessions] = [await s.open(self, o.registry, o.to, o.url), 0, sessions + 1];
    const text = Buffer.from(`message ${i} ` + 'x'.repeat(Number(o.size)));
    const answer = await s.post(o.url, s.recordMessage(self, session, session.seal(text)));
    if (!answer.json?.success) throw new Error(`message ${i} refused: ${answer.text}`);
    const reply = session.open(Buffer.from(answer.json.data, 'base64'));
    if (reply.toString() !== 'echo:' + text) throw new Error(`message ${i}: wrong reply`);
    used += 2;
  }
  console.log(JSON.stringify({ did: self.did, echoes: Number(o.count), sessions }));
} else {
  let self;
  const sessions = new Map();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const message = JSON.parse(body);
    let reply = { success: true, message_id: message.id, task_id: message.task_id };
    try {
      if (message.task_id === s.TASK) {
        const { data, session } = s.respond(self, o.registry, message);
        sessions.set(session.kid, session);
        reply.data = Buffer.from(JSON.stringify(data)).toString('base64');
      } else {
        const session = sessions.get(message.metadata?.kid), record = Buffer.from(message.payload, 'base64');
        if (!session || session.ctx !== message.context_id || !s.verifyBy(session.peer, record, Buffer.from(message.signature, 'base64'))) throw new Error('record');
        reply.data = session.seal(Buffer.concat([Buffer.from('echo:'), session.open(record)])).toString('base64');
      }
    } catch (e) {
      console.error(String(e));
      reply = { success: false, message_id: message.id, error: 'authentication failed' };
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(reply) + '\n');
  });
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    self = new s.Identity('callee', o.algorithm, url);
    s.register(o.registry, self.record());
    console.log(JSON.stringify({ did: self.did, url }));
  });
}
