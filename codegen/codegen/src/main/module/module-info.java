/** Java from Thrift IDL. */
module io.streamx.codegen {
    requires static org.jspecify;
    requires transitive io.streamx.idl;

    exports io.streamx.codegen;
    exports io.streamx.codegen.java;
}
