package io.streamx.cli;

import io.netty.buffer.ByteBuf;
import io.streamx.StreamingMode;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.generic.JsonOptions;
import io.streamx.recording.FrameTexts;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages as JSON where an IDL says what they are, and else their sizes. */
final class MessageTexts implements FrameTexts {
    private final List<GenericService> services;
    private final @Nullable ProtoSchema protos;
    private final Map<String, MethodDescriptor<String, String>> known = new HashMap<>();

    private MessageTexts(List<GenericService> services, @Nullable ProtoSchema protos) {
        this.services = services;
        this.protos = protos;
    }

    /** Reads an IDL: Thrift or Protobuf by the end of its name; none if null. */
    static MessageTexts of(@Nullable Path idl, List<Path> includeFolders, String protoc) throws IOException {
        if (idl == null) {
            return new MessageTexts(List.of(), null);
        }
        return idl.toString().endsWith(".proto")
                ? new MessageTexts(List.of(), ProtoFiles.proto(idl, includeFolders, protoc))
                : new MessageTexts(GenericService.loadAll(idl, includeFolders.toArray(Path[]::new)), null);
    }

    @Override
    public String request(@Nullable String service, String method, ByteBuf bytes) {
        int length = bytes.readableBytes();
        MethodDescriptor<String, String> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return FrameTexts.shown(bytes);
        }
        try {
            String text = descriptor.requestCodec().decode(bytes);
            return text == null ? "{}" : text;
        } catch (RuntimeException e) {
            return FrameTexts.misfit(length, e);
        }
    }

    @Override
    public String reply(@Nullable String service, String method, ByteBuf bytes) {
        int length = bytes.readableBytes();
        MethodDescriptor<String, String> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return FrameTexts.shown(bytes);
        }
        try {
            String text = descriptor.mode() == StreamingMode.UNARY
                    ? descriptor.resultCodec().decode(bytes)
                    : descriptor.responseCodec().decode(bytes);
            return text == null ? "void" : text;
        } catch (GenericException declared) {
            return "throws " + declared.type() + " " + Form.json().message(declared.fields());
        } catch (RuntimeException e) {
            return FrameTexts.misfit(length, e);
        }
    }

    private @Nullable MethodDescriptor<String, String> descriptor(@Nullable String service, String method) {
        String key = service + "/" + method;
        if (!known.containsKey(key)) {
            MethodDescriptor<String, String> found = find(service, method);
            if (found == null) {
                return null;
            }
            known.put(key, found);
        }
        return known.get(key);
    }

    private @Nullable MethodDescriptor<String, String> find(@Nullable String service, String method) {
        String simple = service == null ? null : service.substring(service.lastIndexOf('.') + 1);
        for (GenericService one : services) {
            if (simple == null || one.name().equals(simple)) {
                for (GenericMethod each : one.methods()) {
                    if (each.name().equals(method)) {
                        return one.descriptor(each, Form.json(JsonOptions.DEFAULT));
                    }
                }
            }
        }
        if (protos == null || service == null) {
            return null;
        }
        try {
            return protos.json(service, method, false);
        } catch (BadInputException notInTheIdl) {
            return null;
        }
    }
}
