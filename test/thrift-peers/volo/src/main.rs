//! A peer of the tests: peer server|client framed|buffered|ttheader_framed [PORT]
//!
//! A server prints its port and serves until its input ends. A client plays all that the service can, and prints what it saw.
//! Behind a TTHeader both also play what has no room elsewhere: metainfo in both directions and business errors.

use std::cell::RefCell;
use std::sync::Mutex;

use generated::volo_gen::peers::{
    Item, Peers, PeersClient, PeersClientBuilder, PeersServer, PeersTurnException, Refused,
};
use metainfo::{Backward, Forward, METAINFO, MetaInfo};
use pilota::{AHashMap, FastStr};
use tokio::io::AsyncReadExt;
use volo::net::Address;
use volo_thrift::codec::DefaultMakeCodec;
use volo_thrift::{BizError, ClientError, MaybeException, ServerError};

mod generated {
    include!(concat!(env!("OUT_DIR"), "/volo_gen.rs"));
}

/// The number of turns that is a business error and not a declared exception.
const NO_SUCH_ITEM: i32 = -404;

struct Handler {
    told: Mutex<FastStr>,
}

impl Peers for Handler {
    async fn turn(
        &self,
        mut item: Item,
        times: i32,
    ) -> Result<MaybeException<Item, PeersTurnException>, ServerError> {
        if times == NO_SUCH_ITEM {
            let mut extra = AHashMap::new();
            extra.insert("item".into(), item.name);
            return Err(BizError::with_extra(404, "no such item".into(), extra).into());
        }
        if times < 0 {
            return Ok(MaybeException::Exception(PeersTurnException::Refused(
                Refused {
                    why: Some(format!("times: {times} (expected: 0 or more)").into()),
                },
            )));
        }
        for _ in 0..times {
            item.name = item.name.chars().rev().collect::<String>().into();
            if let Some(tags) = &mut item.tags {
                tags.reverse();
            }
        }
        Ok(MaybeException::Ok(item))
    }

    /// Answers with what came as metainfo, as metainfo of the way back.
    async fn note(&self, _text: FastStr) -> Result<(), ServerError> {
        METAINFO.with(|metainfo| {
            let mut metainfo = metainfo.borrow_mut();
            let chain = metainfo.get_persistent("CHAIN");
            let hop = metainfo.get_upstream("HOP");
            if let (Some(chain), Some(hop)) = (chain, hop) {
                metainfo.set_backward_transient("BACK", format!("{chain} and {hop}"));
            }
        });
        Ok(())
    }

    async fn tell(&self, text: FastStr) -> Result<(), ServerError> {
        *self.told.lock().unwrap() = text;
        Ok(())
    }

    async fn told(&self) -> Result<FastStr, ServerError> {
        Ok(self.told.lock().unwrap().clone())
    }
}

async fn serve(carrier: &str) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let incoming = volo::net::incoming::DefaultIncoming::from(listener);
    let server = PeersServer::new(Handler {
        told: Mutex::new("".into()),
    });
    let serving = async move {
        match carrier {
            "framed" => server
                .make_codec(DefaultMakeCodec::framed())
                .run(incoming)
                .await
                .unwrap(),
            "buffered" => server
                .make_codec(DefaultMakeCodec::buffered())
                .run(incoming)
                .await
                .unwrap(),
            _ => server.run(incoming).await.unwrap(),
        }
    };
    let mut rest = Vec::new();
    tokio::select! {
        _ = serving => {}
        _ = async { tokio::io::stdin().read_to_end(&mut rest).await } => {}
    }
    // Reading of the standard input holds a thread that the runtime would wait for.
    std::process::exit(0);
}

fn connect(carrier: &str, port: u16) -> PeersClient {
    let address = Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], port)));
    let builder = PeersClientBuilder::new("peers")
        .caller_name("volo")
        .address(address);
    match carrier {
        "framed" => builder.make_codec(DefaultMakeCodec::framed()).build(),
        "buffered" => builder.make_codec(DefaultMakeCodec::buffered()).build(),
        _ => builder.build(),
    }
}

fn wanted(inner: Option<Box<Item>>) -> Item {
    let mut sums = AHashMap::new();
    sums.insert("a".into(), 1 << 40);
    Item {
        name: "abc".into(),
        count: Some(7),
        tags: Some(vec!["x".into(), "y".into()]),
        sums: Some(sums),
        raw: Some(vec![0u8, 0xff].into()),
        flag: Some(true),
        ratio: Some(0.5),
        inner,
    }
}

async fn play(carrier: &str, port: u16) {
    let client = connect(carrier, port);
    match client.turn(wanted(Some(Box::new(wanted(None)))), 1).await {
        Ok(MaybeException::Ok(got)) => println!(
            "turned {} {} {} {} {} {} {} {}",
            got.name,
            got.count.unwrap(),
            got.tags.unwrap().join(","),
            got.sums.unwrap()["a"],
            got.raw
                .unwrap()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect::<String>(),
            if got.flag.unwrap() { "True" } else { "False" },
            got.ratio.unwrap(),
            got.inner.unwrap().name
        ),
        Ok(_) => println!("not turned: another answer"),
        Err(error) => println!("not turned: {error:?}"),
    }
    match client.turn(wanted(None), -1).await {
        Ok(MaybeException::Exception(PeersTurnException::Refused(refused))) => {
            println!("refused {}", refused.why.unwrap())
        }
        Ok(_) => println!("not refused: another answer"),
        Err(error) => println!("not refused: {error:?}"),
    }
    match client.note("some text".into()).await {
        Ok(()) => println!("noted None"),
        Err(error) => println!("not noted: {error:?}"),
    }
    match client.tell("the last word".into()).await {
        Ok(()) => {}
        Err(error) => println!("not told: {error:?}"),
    }
    println!("told {}", client.told().await.unwrap());
    if carrier != "ttheader_framed" {
        return;
    }
    match client.turn(wanted(None), NO_SUCH_ITEM).await {
        Err(ClientError::Biz(error)) => println!(
            "business error {} {} {:?}",
            error.status_code,
            error.status_message,
            error
                .extra
                .map(|extra| extra.into_iter().collect::<Vec<_>>())
        ),
        Ok(_) => println!("no business error: another answer"),
        Err(error) => println!("no business error: {error:?}"),
    }
    METAINFO.with(|metainfo| {
        let mut metainfo = metainfo.borrow_mut();
        metainfo.set_persistent("CHAIN", "all the way");
        metainfo.set_transient("HOP", "one hop");
    });
    client.note("with metainfo".into()).await.unwrap();
    println!(
        "back {:?}",
        METAINFO.with(|metainfo| metainfo.borrow().get_backward_downstream("BACK"))
    );
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (role, carrier) = (arguments[1].clone(), arguments[2].clone());
    METAINFO
        .scope(RefCell::new(MetaInfo::default()), async move {
            if role == "server" {
                serve(&carrier).await;
            } else {
                play(&carrier, arguments[3].parse().unwrap()).await;
            }
        })
        .await;
}
