fn main() {
    volo_build::Builder::thrift()
        .add_service("../src/test/thrift/peers.thrift")
        .write()
        .unwrap();
}
