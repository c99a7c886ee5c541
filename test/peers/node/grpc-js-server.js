// The service of peers.proto on grpc-js: prints its port, and serves until its standard input ends.

import grpc from "@grpc/grpc-js";
import { Peer } from "./grpc-js-service.js";

let hanging = 0;

function echoed(call) {
  const metadata = new grpc.Metadata();
  for (const name of ["x-two", "x-bytes-bin"]) {
    call.metadata.get(name).forEach((value) => metadata.add(name, value));
  }
  return metadata;
}

// google.rpc.Status with one google.protobuf.StringValue, field by field.
function statusWithDetail(code, message, text) {
  const bytes = (field, content) => {
    const body = Buffer.from(content);
    const length = [];
    let rest = body.length;
    for (; rest > 127; rest >>>= 7) {
      length.push((rest & 127) | 128);
    }
    return Buffer.concat([Buffer.from([(field << 3) | 2, ...length, rest]), body]);
  };
  const any = Buffer.concat([bytes(1, "type.googleapis.com/google.protobuf.StringValue"), bytes(2, bytes(1, text))]);
  return Buffer.concat([Buffer.from([8, code]), bytes(2, message), bytes(3, any)]);
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
server.addService(Peer.service, {
  Say(call, reply) {
    call.sendMetadata(echoed(call));
    reply(null, call.request, echoed(call));
  },
  Fail(call, reply) {
    const asked = call.request;
    const metadata = new grpc.Metadata();
    const details = asked.text.repeat(asked.times);
    if (asked.trailer_bytes) {
      metadata.set("x-large", "x".repeat(asked.trailer_bytes));
    }
    if (asked.detail) {
      metadata.set("grpc-status-details-bin", statusWithDetail(asked.code, details, asked.detail));
    }
    if (asked.code) {
      reply({ code: asked.code, details, metadata });
    } else {
      reply(null, {}, metadata);
    }
  },
  async Produce(call) {
    const text = "x".repeat(call.request.bytes);
    for (let i = 0; i < call.request.messages; i++) {
      if (!call.write({ text })) {
        await new Promise((resolve) => call.once("drain", resolve));
      }
    }
    call.end();
  },
  Collect(call, reply) {
    let count = 0;
    call.on("data", () => count++);
    call.on("end", () => reply(null, { text: String(count) }));
  },
  Chat(call) {
    call.on("data", (message) => call.write(message));
    call.on("end", () => call.end());
  },
  Hang(call) {
    hanging++;
    call.once("cancelled", () => hanging--);
  },
  Hung(call, reply) {
    reply(null, { text: String(hanging) });
  },
  Shut(call, reply) {
    reply(null, call.request);
    server.tryShutdown(() => {});
  },
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (problem, port) => {
  if (problem) {
    throw problem;
  }
  console.log(port);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
