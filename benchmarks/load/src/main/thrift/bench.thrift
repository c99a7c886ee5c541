namespace java io.streamx.benchmarks.thrift

struct Msg {
    1: required binary payload
}

service Bench {
    Msg Echo (1: Msg m) (streaming.mode="bidirectional"),
    Msg Down (1: Msg m) (streaming.mode="server"),
    Msg Call (1: Msg m),
}
