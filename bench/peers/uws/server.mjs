// Fan-out with uWebSockets' own publish/subscribe (uWebSockets user manual, "Pub/sub" and "Settings"; the native
// binary for Node 20 in @trufflesuite/uws-js-unofficial).
//
//   node server.mjs --port N [--cert FILE --key FILE]
//
//   GET /                          becomes a subscriber
//   POST /publish?events=N, body   is published N times to each; 204
//
// app.publish() collects what is published within one turn of the loop and writes it to each socket at once, so the N
// events of a request need no cork of their own. No compression; nobody is told apart.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const uws = createRequire(import.meta.url)('@trufflesuite/uws-js-unofficial');
const { values } = parseArgs({
  options: { port: { type: 'string' }, cert: { type: 'string' }, key: { type: 'string' } },
});

const app = values.cert ? uws.SSLApp({ cert_file_name: values.cert, key_file_name: values.key }) : uws.App();

app.ws('/*', {
  compression: uws.DISABLED,
  maxPayloadLength: 65536,
  maxBackpressure: 1024 * 1024,
  open: socket => socket.subscribe('news'),
});

app.post('/publish', (response, request) => {
  const events = Number(request.getQuery('events') || 1);
  const chunks = [];
  response.onAborted(() => {});
  response.onData((chunk, last) => {
    chunks.push(Buffer.from(Buffer.from(chunk))); // the bytes are only there during the call
    if (!last) return;
    const payload = Buffer.concat(chunks);
    for (let i = 0; i < events; i++) app.publish('news', payload, true, false);
    response.writeStatus('204 No Content').end();
  });
});

app.listen('127.0.0.1', Number(values.port), listening => {
  if (!listening) process.exit(2);
  console.log('ready');
});
