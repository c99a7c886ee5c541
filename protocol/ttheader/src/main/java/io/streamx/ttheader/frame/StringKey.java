package io.streamx.ttheader.frame;

/** Well-known keys of the string section. */
public final class StringKey {
    /** Service name as the IDL spells it; on every client's Header frame. */
    public static final String IDL_SERVICE_NAME = "isn";
    /** A proxy's word about the real remote address, {@code host:port}. */
    public static final String REMOTE_ADDRESS = "rip";
    /** The cluster a proxy chose. */
    public static final String TO_CLUSTER = "tc";
    /** The data centre a proxy chose. */
    public static final String TO_IDC = "ti";
    /** Any value: the server is about to close the connection, it must not be used again. */
    public static final String CONNECTION_RESET = "crrst";
    /** Names of the services a cancel passed through, comma separated, its originator first; on Rst frames. */
    public static final String CANCEL_PATH = "ttscp";
    /** CRC-32C of what follows the header, 8 lower-case hexadecimal digits; unary only. */
    public static final String CRC32C = "crc32c";
    /** Decimal code of a business error; not 0. */
    public static final String BIZ_STATUS = "biz-status";
    /** Message of a business error. */
    public static final String BIZ_MESSAGE = "biz-message";
    /** Extra entries of a business error as a JSON object of texts. */
    public static final String BIZ_EXTRA = "biz-extra";
    /** The token that travels in a section of its own and appears among the string entries under this key. */
    public static final String ACL_TOKEN = "RPC_TRANSIT_gdpr-token";

    private StringKey() {}
}
