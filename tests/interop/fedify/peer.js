// Starts the peer. Settings come from the environment:
//   PEER_PORT         port on 127.0.0.1 (required)
//   PEER_ORIGIN       our public address (default http://localhost:PORT)
//   PEER_FIRST_KNOCK  "rfc9421" (default) or "draft-cavage-http-signatures-12"
//   PEER_TLS_CERT, PEER_TLS_KEY  PEM files, to serve https
// Prints one line of JSON, {"ready": "<origin>"}, once it listens.

import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";

import { control } from "./control.js";
import { makeFederation } from "./federation.js";
import { emptyState } from "./state.js";

const { env } = process;
const port = Number(env.PEER_PORT);
if (!Number.isInteger(port) || port < 1) throw new Error("PEER_PORT must be a port number");
const origin = env.PEER_ORIGIN ?? `http://localhost:${port}`;
const state = emptyState();
const federation = await makeFederation(state, {
  origin,
  firstKnock: env.PEER_FIRST_KNOCK ?? "rfc9421",
});

async function readBody(message) {
  const parts = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}

function asRequest(message, body) {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const hasBody = message.method !== "GET" && message.method !== "HEAD";
  return new Request(new URL(message.url, origin), {
    method: message.method,
    headers,
    body: hasBody ? body : undefined,
  });
}

async function controlled(request, body) {
  const verb = new URL(request.url).pathname.slice("/control/".length);
  const ctx = federation.createContext(new URL(origin), undefined);
  try {
    const asked = body.length > 0 ? JSON.parse(body.toString()) : {};
    return Response.json(await control(ctx, state, verb, asked));
  } catch (error) {
    return Response.json({ error: String(error?.stack ?? error) }, { status: 502 });
  }
}

async function federated(request, body) {
  const response = await federation.fetch(request, { contextData: undefined });
  const { pathname } = new URL(request.url);
  if (request.method === "POST") {
    state.received.push({
      path: pathname,
      status: response.status,
      headers: Object.fromEntries(request.headers),
      activity: parsed(body),
    });
  }
  return response;
}

function parsed(body) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

async function serve(message, answer) {
  const body = await readBody(message);
  const request = asRequest(message, body);
  const mine = message.url.startsWith("/control/");
  const response = await (mine ? controlled(request, body) : federated(request, body));
  answer.writeHead(response.status, Object.fromEntries(response.headers));
  answer.end(Buffer.from(await response.arrayBuffer()));
}

function listener(message, answer) {
  serve(message, answer).catch((error) => {
    state.errors.push(String(error?.stack ?? error));
    answer.writeHead(500).end();
  });
}

const server = env.PEER_TLS_CERT
  ? createHttps({ cert: readFileSync(env.PEER_TLS_CERT), key: readFileSync(env.PEER_TLS_KEY) }, listener)
  : createHttp(listener);
server.listen(port, "127.0.0.1", () => console.log(JSON.stringify({ ready: origin })));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
