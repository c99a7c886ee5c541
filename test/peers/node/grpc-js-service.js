// The service of peers.proto as grpc-js loads it.

import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const file = fileURLToPath(new URL("../proto/peers.proto", import.meta.url));
export const { Peer } = grpc.loadPackageDefinition(
  loader.loadSync(file, { keepCase: true, defaults: true }),
).streamx.peers;
