// The service of peers.proto on connect-node, with gRPC over clear-text HTTP/2: prints its port, and serves until its
// standard input ends.

import http2 from "node:http2";
import { create } from "@bufbuild/protobuf";
import { StringValueSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Peer } from "./connect-service.js";

let hanging = 0;
const sessions = new Set();

function echo(context) {
  for (const name of ["x-two", "x-bytes-bin"]) {
    const value = context.requestHeader.get(name);
    if (value !== null) {
      context.responseHeader.append(name, value);
      context.responseTrailer.append(name, value);
    }
  }
}

function routes(router) {
  router.service(Peer, {
    say(request, context) {
      echo(context);
      return request;
    },
    fail(request, context) {
      const large = request.trailerBytes ? { "x-large": "x".repeat(request.trailerBytes) } : {};
      if (request.code) {
        const details = request.detail
          ? [{ desc: StringValueSchema, value: create(StringValueSchema, { value: request.detail }) }]
          : [];
        throw new ConnectError(request.text.repeat(request.times), request.code, large, details);
      }
      Object.entries(large).forEach(([name, value]) => context.responseTrailer.set(name, value));
      return {};
    },
    async *produce(request) {
      for (let i = 0; i < request.messages; i++) {
        yield { text: "x".repeat(request.bytes) };
      }
    },
    async collect(requests) {
      let count = 0;
      for await (const unused of requests) {
        count++;
      }
      return { text: String(count) };
    },
    async *chat(requests) {
      yield* requests;
    },
    async hang(request, context) {
      hanging++;
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      hanging--;
      throw new ConnectError("cancelled", Code.Canceled);
    },
    hung() {
      return { text: String(hanging) };
    },
    shut(request) {
      server.close();
      sessions.forEach((session) => session.close());
      return request;
    },
  });
}

const server = http2.createServer(connectNodeAdapter({ routes, connect: false, grpcWeb: false }));
server.on("session", (session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
