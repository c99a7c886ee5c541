package io.streamx.cli;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.ApplicationException;
import io.streamx.StreamingMode;
import io.streamx.generic.Form;
import io.streamx.generic.GenericException;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.generic.JsonOptions;
import io.streamx.service.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Messages as JSON where an IDL says what they are, and else their sizes. */
final class MessageTexts {
    private static final int SHOWN_BYTES = 64;

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

    /** A request, whose bytes are read to their end. */
    String request(@Nullable String service, String method, ByteBuf bytes) {
        int length = bytes.readableBytes();
        MethodDescriptor<String, String> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return raw(bytes);
        }
        try {
            String text = descriptor.requestCodec().decode(bytes);
            return text == null ? "{}" : text;
        } catch (RuntimeException e) {
            return wrong(length, e);
        }
    }

    /** A reply, whose bytes are read to their end. */
    String reply(@Nullable String service, String method, ByteBuf bytes) {
        int length = bytes.readableBytes();
        MethodDescriptor<String, String> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return raw(bytes);
        }
        try {
            String text = descriptor.mode() == StreamingMode.UNARY
                    ? descriptor.resultCodec().decode(bytes)
                    : descriptor.responseCodec().decode(bytes);
            return text == null ? "void" : text;
        } catch (GenericException declared) {
            return "throws " + declared.type() + " " + Form.json().message(declared.fields());
        } catch (RuntimeException e) {
            return wrong(length, e);
        }
    }

    /** The first bytes, and a sum over the others, so that two that differ look different. */
    private static String raw(ByteBuf bytes) {
        int length = bytes.readableBytes();
        int shown = Math.min(length, SHOWN_BYTES);
        String text = "(" + length + " bytes: " + ByteBufUtil.hexDump(bytes, bytes.readerIndex(), shown);
        if (length > shown) {
            CRC32C sum = new CRC32C();
            sum.update(bytes.nioBuffer(bytes.readerIndex() + shown, length - shown));
            text += "... CRC-32C of the rest %08x".formatted(sum.getValue());
        }
        return text + ")";
    }

    private static String wrong(int length, RuntimeException e) {
        String why = e instanceof ApplicationException ? String.valueOf(e.getMessage()) : e.toString();
        return "(" + length + " bytes that do not fit the IDL: " + why + ")";
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
            return ProtoMethods.descriptor(protos.method(service, method), protos.types(), false);
        } catch (BadInputException notInTheIdl) {
            return null;
        }
    }
}
