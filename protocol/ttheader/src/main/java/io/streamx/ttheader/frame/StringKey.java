package io.streamx.ttheader.frame;

/** Well-known keys of the string section. */
public final class StringKey {
    /** The service name as the IDL spells it, which is on every client's Header frame. */
    public static final String IDL_SERVICE_NAME = "isn";
    /** The real remote address, {@code host:port}, of which a proxy tells. */
    public static final String REMOTE_ADDRESS = "rip";
    /** The cluster a proxy chose. */
    public static final String TO_CLUSTER = "tc";
    /** The data centre a proxy chose. */
    public static final String TO_IDC = "ti";
    /** With any value, says that the server is about to close the connection, which must not be used again. */
    public static final String CONNECTION_RESET = "crrst";
    /**
     * On exceptions of servers of StreamX for Java, gRPC's code of the failure in decimal where the type of the exception does
     * not tell it: 4 for a call whose time was over, 8 for one that was refused because there are too many, 16 for one of a
     * caller whom the server does not know, 7 for one that its caller may not make.
     */
    public static final String STATUS = "sx-status";
    /**
     * On Rst frames, the names of the services that a cancel passed through, separated by commas, its originator first.
     */
    public static final String CANCEL_PATH = "ttscp";
    /** The CRC-32C of what follows the header, as 8 lower-case hexadecimal digits. Only unary messages have it. */
    public static final String CRC32C = "crc32c";
    /** The code of a business error in decimal, which is not 0. */
    public static final String BIZ_STATUS = "biz-status";
    /** The message of a business error. */
    public static final String BIZ_MESSAGE = "biz-message";
    /** The extra entries of a business error as a JSON object of texts. */
    public static final String BIZ_EXTRA = "biz-extra";
    /** What the keys of metainfo for the whole chain of calls begin with. */
    public static final String PERSISTENT_PREFIX = "RPC_PERSIST_";
    /** What the keys of metainfo for the next hop begin with. */
    public static final String TRANSIENT_PREFIX = "RPC_TRANSIT_";
    /** The token that travels in a section of its own and appears among the string entries under this key. */
    public static final String ACL_TOKEN = "RPC_TRANSIT_gdpr-token";

    private StringKey() {}
}
