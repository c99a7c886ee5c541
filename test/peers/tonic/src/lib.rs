//! The service of peers.proto as tonic has it.

tonic::include_proto!("streamx.peers");
