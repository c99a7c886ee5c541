package io.streamx.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import connectrpc.conformance.v1.Service.Error;
import connectrpc.conformance.v1.Service.Header;
import io.streamx.Metadata;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import java.util.Base64;
import java.util.List;

/** The suite's headers and errors as StreamX has them, and back. */
final class Entries {
    private static final String BINARY = "-bin";

    private Entries() {}

    static Metadata of(List<Header> headers) {
        Metadata.Builder entries = Metadata.builder();
        for (Header header : headers) {
            for (String value : header.getValueList()) {
                if (header.getName().endsWith(BINARY)) {
                    entries.add(header.getName(), Base64.getDecoder().decode(value));
                } else {
                    entries.add(header.getName(), value);
                }
            }
        }
        return entries.build();
    }

    static List<Header> headers(Metadata entries) {
        return entries.names().stream()
                .map(name -> Header.newBuilder()
                        .setName(name)
                        .addAllValue(
                                name.endsWith(BINARY)
                                        ? entries.binaryValues(name).stream()
                                                .map(Base64.getEncoder().withoutPadding()::encodeToString)
                                                .toList()
                                        : entries.values(name))
                        .build())
                .toList();
    }

    static StatusException status(Error error) {
        List<StatusDetail> details = error.getDetailsList().stream()
                .map(any -> new StatusDetail(any.getTypeUrl(), any.getValue().toByteArray()))
                .toList();
        return new StatusException(error.getCodeValue(), error.getMessage(), details);
    }

    static List<Any> details(StatusException status) {
        return status.details().stream()
                .map(detail -> Any.newBuilder()
                        .setTypeUrl(detail.typeUrl())
                        .setValue(ByteString.copyFrom(detail.value()))
                        .build())
                .toList();
    }
}
