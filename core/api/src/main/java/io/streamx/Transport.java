package io.streamx;

/** What a stream travels on. User code is the same on each. */
public enum Transport {
    /** TTHeader Streaming, Kitex' own; Thrift payloads. Artifact {@code streamx-ttheader}. */
    TTHEADER("TTHeader", "streamx-ttheader"),
    /** gRPC over HTTP/2; Protobuf and Thrift payloads. Artifact {@code streamx-grpc}. */
    GRPC("gRPC", "streamx-grpc");

    private final String title;
    private final String artifact;

    Transport(String title, String artifact) {
        this.title = title;
        this.artifact = artifact;
    }

    /** The name as people write it, for texts. */
    public String title() {
        return title;
    }

    /** The artifact of group {@code io.streamx} that carries this transport. */
    public String artifact() {
        return artifact;
    }
}
