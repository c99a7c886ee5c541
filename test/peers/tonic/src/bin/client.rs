//! Plays the cases of the module with the server of peers.proto at 127.0.0.1:PORT, with tonic.

use std::fmt::Debug;
use std::time::Duration;

use peers::peer_client::PeerClient;
use peers::{Amount, Failure, Text};
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

type Peer = PeerClient<Channel>;
type Outcome = Result<(), Box<dyn std::error::Error>>;

const UNICODE: &str = "größe 漢字 \u{1f600} 100 %\t";
const LONG: &str = "a rather long error text. ";
const LONG_TIMES: i32 = 2500;

fn expect<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?} (expected: {expected:?})").into()) }
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

fn limited<T>(message: T, seconds: f32) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(Duration::from_secs_f32(seconds));
    request
}

async fn failure(peer: &mut Peer, asked: Failure) -> Result<Status, Box<dyn std::error::Error>> {
    match peer.fail(limited(asked, 20.0)).await {
        Ok(_) => Err("the call succeeded".into()),
        Err(status) => Ok(status),
    }
}

async fn say(peer: &mut Peer) -> Outcome {
    expect(peer.say(limited(text("hello"), 20.0)).await?.into_inner(), text("hello"))
}

async fn long_text(peer: &mut Peer) -> Outcome {
    let asked = Failure { code: 9, text: LONG.into(), times: LONG_TIMES, ..Default::default() };
    let status = failure(peer, asked).await?;
    expect(status.code(), Code::FailedPrecondition)?;
    let whole = LONG.repeat(LONG_TIMES as usize);
    expect(!status.message().is_empty() && whole.starts_with(status.message()), true)
}

async fn unicode_text(peer: &mut Peer) -> Outcome {
    let status = failure(peer, Failure { code: 5, text: UNICODE.into(), times: 3, ..Default::default() }).await?;
    expect((status.code(), status.message().to_string()), (Code::NotFound, UNICODE.repeat(3)))
}

async fn details(peer: &mut Peer) -> Outcome {
    let asked = Failure { code: 5, text: "text".into(), times: 1, detail: "größe".into(), ..Default::default() };
    let status = failure(peer, asked).await?;
    expect((status.code(), status.message()), (Code::NotFound, "text"))?;
    let detail = String::from_utf8_lossy(status.details()).into_owned();
    expect(detail.contains("google.protobuf.StringValue") && detail.contains("größe"), true)
}

async fn large_trailer(peer: &mut Peer) -> Outcome {
    let asked = |bytes| Failure { code: 9, text: "text".into(), times: 1, trailer_bytes: bytes, ..Default::default() };
    let status = failure(peer, asked(20_000)).await?;
    expect((status.code(), status.message()), (Code::FailedPrecondition, "text"))?;
    let small = failure(peer, asked(2_000)).await?;
    expect(small.metadata().get("x-large").map(|value| value.len()), Some(2_000))
}

async fn metadata(peer: &mut Peer) -> Outcome {
    let mut request = limited(text("m"), 20.0);
    request.metadata_mut().append("x-two", "a".parse()?);
    request.metadata_mut().append("x-two", "b".parse()?);
    request.metadata_mut().append_bin("x-bytes-bin", MetadataValue::from_bytes(&[0, 255, 16]));
    request.metadata_mut().append_bin("x-bytes-bin", MetadataValue::from_bytes(&[1]));
    let response = peer.say(request).await?;
    // tonic puts header and trailer of a unary call into one map, where a name of the trailer takes the place of the header's.
    let two: Vec<_> = response.metadata().get_all("x-two").iter().map(|value| value.to_str().unwrap().to_string()).collect();
    expect(two, ["a", "b"].map(String::from).to_vec())?;
    let bytes: Vec<_> =
        response.metadata().get_all_bin("x-bytes-bin").iter().map(|value| value.to_bytes().unwrap().to_vec()).collect();
    expect(bytes, vec![vec![0, 255, 16], vec![1]])
}

async fn await_none_hanging(peer: &mut Peer) -> Outcome {
    for _ in 0..200 {
        if peer.hung(limited(text(""), 20.0)).await?.into_inner().text == "0" {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Err("calls hang still".into())
}

async fn deadline(peer: &mut Peer) -> Outcome {
    let status = peer.hang(limited(text(""), 0.5)).await.err().ok_or("the call succeeded")?;
    // tonic's own timer says CANCELLED.
    expect(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), true)?;
    await_none_hanging(peer).await
}

async fn cancels(peer: &mut Peer) -> Outcome {
    for _ in 0..300 {
        // What is dropped is cancelled.
        let _ = timeout(Duration::from_millis(10), peer.hang(text(""))).await;
    }
    await_none_hanging(peer).await?;
    say(peer).await
}

async fn large(peer: &mut Peer) -> Outcome {
    let reply = peer.say(limited(text("x".repeat(3_000_000)), 30.0)).await?;
    expect(reply.into_inner().text.len(), 3_000_000)?;
    let messages = tokio_stream::iter((0..20).map(|_| text("y".repeat(500_000))));
    let mut replies = peer.chat(limited(messages, 30.0)).await?.into_inner();
    let mut lengths = Vec::new();
    while let Some(reply) = replies.next().await {
        lengths.push(reply?.text.len());
    }
    expect(lengths, vec![500_000; 20])
}

async fn streams(peer: &mut Peer) -> Outcome {
    let messages = tokio_stream::iter((0..100).map(|_| text("m")));
    expect(peer.collect(limited(messages, 20.0)).await?.into_inner(), text("100"))?;
    let replies = peer.produce(limited(Amount { messages: 100, bytes: 10 }, 20.0)).await?.into_inner();
    expect(replies.collect::<Vec<_>>().await.len(), 100)
}

async fn shutdown(peer: &mut Peer, target: &str) -> Outcome {
    let mut replies = peer.produce(limited(Amount { messages: 200, bytes: 20_000 }, 60.0)).await?.into_inner();
    replies.message().await?.ok_or("no message")?;
    PeerClient::connect(target.to_string()).await?.shut(limited(text(""), 20.0)).await?;
    let mut received = 1;
    while replies.message().await?.is_some() {
        received += 1;
    }
    expect(received, 200)
}

#[tokio::main]
async fn main() -> Outcome {
    let target = format!("http://127.0.0.1:{}", std::env::args().nth(1).ok_or("usage: client PORT")?);
    let mut peer = PeerClient::connect(target.clone()).await?.max_decoding_message_size(usize::MAX);
    let mut failed = false;
    macro_rules! play {
        ($name:ident $(, $more:expr)*) => {
            match $name(&mut peer $(, $more)*).await {
                Ok(()) => println!("{} ok", stringify!($name)),
                Err(problem) => {
                    failed = true;
                    println!("{} failed: {}", stringify!($name), problem.to_string().replace('\n', " "));
                }
            }
        };
    }
    play!(say);
    play!(long_text);
    play!(unicode_text);
    play!(details);
    play!(large_trailer);
    play!(metadata);
    play!(deadline);
    play!(cancels);
    play!(large);
    play!(streams);
    play!(shutdown, &target);
    std::process::exit(i32::from(failed));
}
