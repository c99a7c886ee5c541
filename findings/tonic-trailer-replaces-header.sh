#!/usr/bin/env bash
# tonic 0.14.2: a unary reply whose header and trailer have an entry of one name, from a server of grpcio 1.85.1.
#
# Guess: the metadata of the response has both values, or those of the header. Seen: tonic puts header and trailer into one map,
# in which the trailer's values take the place of the header's; a name that only the header has stays.
set -euo pipefail
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check grpcio==1.85.1
cat >server.py <<'EOF'
import grpc
from concurrent import futures


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(self.say)

    def say(self, request, context):
        context.send_initial_metadata([("x-both", "header 1"), ("x-both", "header 2"), ("x-header", "header")])
        context.set_trailing_metadata([("x-both", "trailer"), ("x-trailer", "trailer")])
        return request


server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Handler()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()
EOF
mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "probe"
version = "0.1.0"
edition = "2021"

[dependencies]
bytes = "=1.10.1"
http = "=1.3.1"
tokio = { version = "=1.47.1", features = ["macros", "rt"] }
tonic = { version = "=0.14.2", default-features = false, features = ["channel"] }
EOF
cat >src/main.rs <<'EOF'
use bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Request, Status};

#[derive(Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = format!("http://127.0.0.1:{}", std::env::args().nth(1).unwrap());
    let channel = tonic::transport::Endpoint::new(address)?.connect().await?;
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await?;
    let path = http::uri::PathAndQuery::from_static("/probe.Probe/Say");
    let response = client.unary(Request::new(Bytes::from_static(b"m")), path, Raw).await?;
    for name in ["x-both", "x-header", "x-trailer"] {
        let values: Vec<_> = response.metadata().get_all(name).iter().map(|value| value.to_str().unwrap()).collect();
        println!("{name} {values:?}");
    }
    Ok(())
}
EOF
cargo build --quiet
venv/bin/python server.py >port &
server=$!
until [ -s port ]; do kill -0 "$server"; sleep 0.1; done
cat >expected <<'EOF'
x-both ["trailer"]
x-header ["header"]
x-trailer ["trailer"]
EOF
target/debug/probe "$(cat port)" >actual
cat actual
diff expected actual >&2 || { echo "changed: tonic-trailer-replaces-header" >&2; exit 1; }
