package io.streamx.ttheader.frame;

/** Well-known keys of the int section. Values are text; numbers are written in decimal. */
public final class IntKey {
    /** Version of the service mesh. */
    public static final int MESH_VERSION = 0;
    /** How a unary payload lies in the frame: {@code framed} or {@code unframed}. */
    public static final int TRANSPORT_TYPE = 1;
    /** Log id of the request. */
    public static final int LOG_ID = 2;
    /** Name of the calling service. */
    public static final int FROM_SERVICE = 3;
    /** Cluster of the calling service. */
    public static final int FROM_CLUSTER = 4;
    /** Data centre of the calling service. */
    public static final int FROM_IDC = 5;
    /** Name under which the called service was looked up. */
    public static final int TO_SERVICE = 6;
    /** Cluster of the called service. */
    public static final int TO_CLUSTER = 7;
    /** Data centre of the called service. */
    public static final int TO_IDC = 8;
    /** Name of the called method as the IDL spells it. */
    public static final int TO_METHOD = 9;
    /** Environment of the request. */
    public static final int ENV = 10;
    /** Address of the called server, for proxies. */
    public static final int DEST_ADDRESS = 11;
    /** Time the caller gives a unary call, in milliseconds. */
    public static final int RPC_TIMEOUT = 12;
    /** Reserved. */
    public static final int READ_TIMEOUT = 13;
    /** Key of consistent hashing. */
    public static final int RING_HASH_KEY = 14;
    /** Traffic tag. */
    public static final int DDP_TAG = 15;
    /** Whether a mesh header is present. */
    public static final int WITH_MESH_HEADER = 16;
    /** Time the caller gives connecting, in milliseconds. */
    public static final int CONNECT_TIMEOUT = 17;
    /** Tracing context. */
    public static final int SPAN_CONTEXT = 18;
    /** Whether the connection serves one call only. */
    public static final int SHORT_CONNECTION = 19;
    /** Method whose handler makes the call. */
    public static final int FROM_METHOD = 20;
    /** Mark of load tests. */
    public static final int STRESS_TAG = 21;
    /** Type of the unary Thrift message: 1 call, 2 reply, 3 exception, 4 oneway. */
    public static final int MESSAGE_TYPE = 22;
    /** Content type of a request that came over HTTP. */
    public static final int HTTP_CONTENT_TYPE = 23;
    /** Key of consistent hashing before it was hashed. */
    public static final int RAW_RING_HASH_KEY = 24;
    /** Kind of load balancing. */
    public static final int LB_TYPE = 25;
    /** Shard of the called cluster. */
    public static final int CLUSTER_SHARD_ID = 26;
    /** Type of a streaming frame: the digit of a {@link FrameType}. */
    public static final int FRAME_TYPE = 27;

    private IntKey() {}
}
