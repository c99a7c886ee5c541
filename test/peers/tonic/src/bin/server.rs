//! The service of peers.proto on tonic: prints its port, and serves until its standard input ends.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use peers::peer_server::{Peer, PeerServer};
use peers::{Amount, Failure, Text};
use tokio::io::AsyncReadExt;
use tokio::sync::Notify;
use tokio_stream::wrappers::TcpListenerStream;
use tokio_stream::Stream;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status, Streaming};

type Messages = Pin<Box<dyn Stream<Item = Result<Text, Status>> + Send>>;

struct Service {
    hanging: Arc<AtomicUsize>,
    shut: Arc<Notify>,
}

/// Counts a call for as long as it runs, whatever ends it.
struct Hanging(Arc<AtomicUsize>);

impl Drop for Hanging {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn echoed(came: &MetadataMap) -> MetadataMap {
    let mut echoed = MetadataMap::new();
    for value in came.get_all("x-two") {
        echoed.append("x-two", value.clone());
    }
    for value in came.get_all_bin("x-bytes-bin") {
        echoed.append_bin("x-bytes-bin", value.clone());
    }
    echoed
}

/// google.rpc.Status with one google.protobuf.StringValue, field by field.
fn status_with_detail(code: i32, message: &str, text: &str) -> Vec<u8> {
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2];
        let mut rest = content.len();
        while rest > 127 {
            bytes.push((rest & 127 | 128) as u8);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes.extend_from_slice(content);
        bytes
    }
    let any = [
        field(1, b"type.googleapis.com/google.protobuf.StringValue"),
        field(2, &field(1, text.as_bytes())),
    ]
    .concat();
    [vec![8, code as u8], field(2, message.as_bytes()), field(3, &any)].concat()
}

#[tonic::async_trait]
impl Peer for Service {
    async fn say(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        // tonic has no trailers of calls that go well.
        let header = echoed(request.metadata());
        let mut response = Response::new(request.into_inner());
        *response.metadata_mut() = header;
        Ok(response)
    }

    async fn fail(&self, request: Request<Failure>) -> Result<Response<Text>, Status> {
        let asked = request.into_inner();
        if asked.code == 0 {
            return Ok(Response::new(Text::default()));
        }
        let message = asked.text.repeat(asked.times as usize);
        let mut metadata = MetadataMap::new();
        if asked.trailer_bytes > 0 {
            let large = "x".repeat(asked.trailer_bytes as usize);
            metadata.insert("x-large", large.parse().expect("letters"));
        }
        let details = if asked.detail.is_empty() {
            Vec::new()
        } else {
            status_with_detail(asked.code, &message, &asked.detail)
        };
        Err(Status::with_details_and_metadata(Code::from(asked.code), message, details.into(), metadata))
    }

    type ProduceStream = Messages;

    async fn produce(&self, request: Request<Amount>) -> Result<Response<Messages>, Status> {
        let asked = request.into_inner();
        let message = Text { text: "x".repeat(asked.bytes as usize) };
        let messages = (0..asked.messages).map(move |_| Ok(message.clone()));
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn collect(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        let mut messages = request.into_inner();
        let mut count = 0;
        while messages.message().await?.is_some() {
            count += 1;
        }
        Ok(Response::new(Text { text: count.to_string() }))
    }

    type ChatStream = Messages;

    async fn chat(&self, request: Request<Streaming<Text>>) -> Result<Response<Messages>, Status> {
        Ok(Response::new(Box::pin(request.into_inner())))
    }

    async fn hang(&self, _request: Request<Text>) -> Result<Response<Text>, Status> {
        self.hanging.fetch_add(1, Ordering::SeqCst);
        let _hanging = Hanging(self.hanging.clone());
        std::future::pending().await
    }

    async fn hung(&self, _request: Request<Text>) -> Result<Response<Text>, Status> {
        Ok(Response::new(Text { text: self.hanging.load(Ordering::SeqCst).to_string() }))
    }

    async fn shut(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        self.shut.notify_one();
        Ok(Response::new(request.into_inner()))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shut = Arc::new(Notify::new());
    let service = Service { hanging: Arc::default(), shut: shut.clone() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    tokio::spawn(async {
        let mut rest = Vec::new();
        let _ = tokio::io::stdin().read_to_end(&mut rest).await;
        std::process::exit(0);
    });
    let connections = TcpListenerStream::new(listener);
    tonic::transport::Server::builder()
        .add_service(PeerServer::new(service).max_decoding_message_size(usize::MAX))
        .serve_with_incoming_shutdown(connections, async move { shut.notified().await })
        .await?;
    Ok(())
}
