package io.streamx;

import java.util.Locale;

/** What a stream travels on. User code does not change with the transport. */
public enum Transport {
    /**
     * TTHeader Streaming, the protocol of Kitex itself, with Thrift payloads. The artifact is {@code streamx-ttheader}.
     */
    TTHEADER("TTHeader", "streamx-ttheader"),
    /** gRPC over HTTP/2, with Protobuf and Thrift payloads. The artifact is {@code streamx-grpc}. */
    GRPC("gRPC", "streamx-grpc");

    private final String title;
    private final String artifact;
    private final String word = name().toLowerCase(Locale.ROOT);

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

    /** The name in lower case, which is made once because each observed call is labelled with it. */
    String word() {
        return word;
    }
}
