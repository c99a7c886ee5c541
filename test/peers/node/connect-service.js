// The service of peers.proto as connect-node knows it, with the code that protoc-gen-es makes of it.

export { Peer } from "./gen/peers_pb.js";
