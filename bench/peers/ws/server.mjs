// Fan-out with ws (README of ws, "Server broadcast"; doc/ws.md, "new WebSocket.WebSocketServer").
//
//   node server.mjs --port N [--cert FILE --key FILE] [--broadcast send|frame|cork]
//
//   GET /                          becomes a subscriber
//   POST /publish?events=N, body   is sent N times to each; 204
//
// The broadcast:
//   send    client.send(payload) for each event, as the README shows it: the default
//   frame   the frame is made once by ws's own Sender and written whole to each socket, as its maintainers advise those
//           who broadcast much (issues 617 and 1009, "Broadcast performance"); through a field that is not documented
//   cork    as `frame`, and the N events of a request leave each socket in one writev (pull request 1999,
//           "allow user level cork/uncork"). Only a service that knows its events together can do so.
//
// No compression, no UTF-8 check of what clients send, as doc/ws.md advises where nobody needs them.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { parseArgs } from 'node:util';
import { Sender, WebSocket, WebSocketServer } from 'ws';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    cert: { type: 'string' },
    key: { type: 'string' },
    broadcast: { type: 'string', default: 'send' },
  },
});

const frameOf = payload =>
  Buffer.concat(Sender.frame(payload, { fin: true, opcode: 2, mask: false, readOnly: false, rsv1: false }));

const broadcasts = {
  send(clients, payload, events) {
    for (let i = 0; i < events; i++)
      for (const client of clients) if (client.readyState === WebSocket.OPEN) client.send(payload, { binary: true });
  },
  frame(clients, payload, events) {
    const list = [frameOf(payload)];
    for (let i = 0; i < events; i++)
      for (const client of clients) if (client.readyState === WebSocket.OPEN) client._sender.sendFrame(list);
  },
  cork(clients, payload, events) {
    const list = [frameOf(payload)];
    for (const client of clients) {
      if (client.readyState !== WebSocket.OPEN) continue;
      client._socket.cork();
      for (let i = 0; i < events; i++) client._sender.sendFrame(list);
      client._socket.uncork();
    }
  },
};
const broadcast = broadcasts[values.broadcast];

const tls = values.cert && {
  cert: readFileSync(values.cert),
  key: readFileSync(values.key),
  minVersion: 'TLSv1.3',
  ecdhCurve: 'X25519',
  honorCipherOrder: false, // the client's choice, as nginx does it
};

function answer(request, response) {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const events = Number(new URL(request.url, 'http://peer').searchParams.get('events') ?? 1);
    broadcast(sockets.clients, Buffer.concat(chunks), events);
    response.writeHead(204).end();
  });
}

const server = tls ? https.createServer(tls, answer) : http.createServer(answer);
const sockets = new WebSocketServer({ server, perMessageDeflate: false, skipUTF8Validation: true, maxPayload: 65536 });
sockets.on('connection', socket => socket.on('error', () => socket.terminate()));
server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: 4096 }, () => console.log('ready'));
