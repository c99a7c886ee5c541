#!/usr/bin/env bash
# Kitex v0.16.3 (Go) and Volo 0.12.7 (Rust), both CloudWeGo's, over TTHeaderFramed: what travels back beside a reply.
#
# Guess: each side gets the other's backward metainfo and business errors, as within one language. Seen: Volo's client looks
# for backward metainfo under another name than Kitex' server writes, and finds none; Kitex' client gets what Volo's server
# writes under a name with a prefix, RPC_BACKWARD_BACK for BACK. A business error of a Volo server reaches a Kitex client as an
# application exception whose text has the business error in it; the other way round it arrives whole.
set -euo pipefail
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"

cat >probe.thrift <<'EOF'
namespace go probe

service Probe { string ask(1: string word) }
EOF

mkdir volo kitex
cat >volo/Cargo.toml <<'EOF'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
metainfo = "=0.7.14"
pilota = "=0.13.1"
tokio = { version = "=1.48.0", features = ["macros", "rt-multi-thread", "net"] }
volo = "=0.12.4"
volo-thrift = "=0.12.7"

[build-dependencies]
volo-build = "=0.12.3"
EOF
cat >volo/build.rs <<'EOF'
fn main() {
    volo_build::Builder::thrift().add_service("../probe.thrift").write().unwrap();
}
EOF
mkdir volo/src
cat >volo/src/main.rs <<'EOF'
use std::cell::RefCell;

use metainfo::{Backward, METAINFO, MetaInfo};
use pilota::FastStr;
use volo_thrift::{BizError, ClientError, ServerError};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/volo_gen.rs"));
}
use generated::volo_gen::probe::{Probe, ProbeClientBuilder, ProbeServer};

struct Handler;

impl Probe for Handler {
    async fn ask(&self, word: FastStr) -> Result<FastStr, ServerError> {
        if word == "fail" {
            return Err(BizError::new(404, "no such word".into()).into());
        }
        METAINFO.with(|m| m.borrow_mut().set_backward_transient("BACK", "seen"));
        Ok(word)
    }
}

async fn run() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments[1] == "server" {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        let incoming = volo::net::incoming::DefaultIncoming::from(listener);
        ProbeServer::new(Handler).run(incoming).await.unwrap();
        return;
    }
    let address: std::net::SocketAddr = format!("127.0.0.1:{}", arguments[2]).parse().unwrap();
    let client = ProbeClientBuilder::new("probe").address(volo::net::Address::from(address)).build();
    let reply = client.ask("word".into()).await.unwrap();
    let back = METAINFO.with(|m| m.borrow().get_backward_downstream("BACK"));
    println!("{} client of Volo: {reply}, BACK: {back:?}", arguments[1]);
    match client.ask("fail".into()).await {
        Err(ClientError::Biz(e)) => {
            println!("{} client of Volo: business error {} {}", arguments[1], e.status_code, e.status_message)
        }
        Err(e) => println!("{} client of Volo: {e}", arguments[1]),
        Ok(_) => println!("{} client of Volo: no error", arguments[1]),
    }
}

#[tokio::main]
async fn main() {
    METAINFO.scope(RefCell::new(MetaInfo::default()), run()).await;
}
EOF

cat >kitex/go.mod <<'EOF'
module probe

go 1.24

require (
	github.com/bytedance/gopkg v0.1.3
	github.com/cloudwego/kitex v0.16.3
)
EOF
cp probe.thrift kitex/
cat >kitex/main.go <<'EOF'
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/client"
	"github.com/cloudwego/kitex/client/genericclient"
	"github.com/cloudwego/kitex/pkg/generic"
	"github.com/cloudwego/kitex/pkg/kerrors"
	"github.com/cloudwego/kitex/pkg/klog"
	"github.com/cloudwego/kitex/pkg/transmeta"
	"github.com/cloudwego/kitex/server"
	"github.com/cloudwego/kitex/server/genericserver"
	"github.com/cloudwego/kitex/transport"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

type handler struct{}

func (handler) GenericCall(ctx context.Context, _ string, request any) (any, error) {
	if request == "fail" {
		return nil, kerrors.NewBizStatusError(404, "no such word")
	}
	metainfo.SendBackwardValue(ctx, "BACK", "seen")
	return request, nil
}

func described() generic.Generic {
	return must(generic.JSONThriftGeneric(must(generic.NewThriftFileProvider("probe.thrift"))))
}

func main() {
	klog.SetOutput(io.Discard)
	if os.Args[1] == "server" {
		listener := must(net.Listen("tcp", "127.0.0.1:0"))
		fmt.Println(listener.Addr().(*net.TCPAddr).Port)
		genericserver.NewServer(&handler{}, described(), server.WithListener(listener), server.WithMetaHandler(transmeta.ServerTTHeaderHandler)).Run()
		return
	}
	c := must(genericclient.NewClient("probe", described(), client.WithHostPorts("127.0.0.1:"+os.Args[2]),
		client.WithTransportProtocol(transport.TTHeaderFramed), client.WithMetaHandler(transmeta.ClientTTHeaderHandler)))
	ctx := metainfo.WithBackwardValues(context.Background())
	reply := must(c.GenericCall(ctx, "ask", `"word"`))
	fmt.Println(os.Args[1], "client of Kitex:", reply, "backward:", metainfo.RecvAllBackwardValues(ctx))
	_, err := c.GenericCall(context.Background(), "ask", `"fail"`)
	var business kerrors.BizStatusErrorIface
	if errors.As(err, &business) {
		fmt.Println(os.Args[1], "client of Kitex: business error", business.BizStatusCode(), business.BizMessage())
	} else {
		fmt.Println(os.Args[1], "client of Kitex:", err)
	}
}
EOF

(cd volo && cargo build --quiet)
(cd kitex && GOFLAGS=-mod=mod go build -o probe .)
cd kitex

serve() { # PROGRAM: sets port
  rm -f port
  "$1" server >port &
  server=$!
  for _ in $(seq 600); do [ -s port ] && break; kill -0 $server; sleep 0.1; done
  [ -s port ]
  port=$(cat port)
}

{
  serve ../volo/target/debug/probe
  timeout 60 ../volo/target/debug/probe volo-to-volo "$port"
  timeout 60 ./probe volo-to-kitex "$port"
  kill $server
  serve ./probe
  timeout 60 ../volo/target/debug/probe kitex-to-volo "$port"
  timeout 60 ./probe kitex-to-kitex "$port"
  kill $server
} >../actual
cat ../actual
cat >../expected <<'EOF'
volo-to-volo client of Volo: word, BACK: Some("seen")
volo-to-volo client of Volo: business error 404 no such word
volo-to-kitex client of Kitex: word backward: map[RPC_BACKWARD_BACK:seen]
volo-to-kitex client of Kitex: remote or network error[remote]: status_code: 404, status_message: no such word, extra: 
kitex-to-volo client of Volo: word, BACK: None
kitex-to-volo client of Volo: business error 404 no such word
kitex-to-kitex client of Kitex: word backward: map[BACK:seen]
kitex-to-kitex client of Kitex: business error 404 no such word
EOF
diff ../expected ../actual >&2 || { echo "changed: kitex-and-volo-lose-what-travels-back" >&2; exit 1; }
