package io.streamx.protoc;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.KotlinFile;
import io.streamx.idl.FunctionMode;
import java.util.List;

/** Makes what Kotlin has of a service beside its Java. */
final class ProtobufKotlinSource {
    private ProtobufKotlinSource() {}

    /** The file with {@code handler} and {@code client}. */
    static KotlinFile of(ServiceClasses service, ClassName handler, ClassName client) {
        return new KotlinFile(
                new ClassName(service.type().packageName(), service.name()),
                handler.simpleName(),
                client.simpleName(),
                service.type().qualified(),
                service.client().qualified(),
                service.methods().stream().map(ProtobufKotlinSource::method).toList());
    }

    private static KotlinFile.Method method(ProtobufServiceMethod method) {
        String request = method.request().inKotlin();
        String response = method.response().inKotlin();
        boolean oneRequest = method.mode() == FunctionMode.UNARY || method.mode() == FunctionMode.SERVER;
        return new KotlinFile.Method(
                method.proto().getName(),
                method.name(),
                method.mode(),
                oneRequest ? List.of(new KotlinFile.Parameter("request", request, false)) : List.of(),
                request,
                response,
                response,
                "stream");
    }
}
