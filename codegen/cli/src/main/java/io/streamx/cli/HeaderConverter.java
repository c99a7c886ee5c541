package io.streamx.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code name: value}, as curl has it. */
final class HeaderConverter implements ITypeConverter<HeaderConverter.Header> {
    /** One entry. */
    record Header(String name, String value) {}

    @Override
    public Header convert(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new TypeConversionException("'" + text + "' (expected: 'name: value')");
        }
        return new Header(
                text.substring(0, colon).strip(), text.substring(colon + 1).strip());
    }
}
