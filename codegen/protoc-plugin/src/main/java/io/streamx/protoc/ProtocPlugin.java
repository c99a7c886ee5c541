package io.streamx.protoc;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.io.IOException;
import java.io.InputStream;

/**
 * What protoc starts: a request on its standard input is answered on its standard output. What is wrong with the protos
 * or the options stands in the answer, and protoc shows it.
 */
public final class ProtocPlugin {
    private ProtocPlugin() {}

    /** Answers one request; {@code arguments} are not used. */
    public static void main(String[] arguments) throws IOException {
        ServiceGenerator.generate(read(System.in)).writeTo(System.out);
        System.out.flush();
    }

    /** Reads a request with what it says of Java in particular. */
    static CodeGeneratorRequest read(InputStream in) throws IOException {
        // protobuf-java 4.36.2 fails if the class of the Java features is the first to be initialised.
        DescriptorProtos.getDescriptor();
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        JavaFeaturesProto.registerAllExtensions(registry);
        return CodeGeneratorRequest.parseFrom(in, registry);
    }
}
