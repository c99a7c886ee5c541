/** Thrift IDL: parse, link, check. */
module io.streamx.idl {
    requires static org.jspecify;

    exports io.streamx.idl;
}
