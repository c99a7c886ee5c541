package io.streamx.idl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The characters of one file.
 *
 * @param file how messages show the file
 * @param text its characters; what is no UTF-8 has become U+FFFD
 * @param intact whether all of it was UTF-8; comments may be in any encoding, literals may not
 */
record SourceText(String file, String text, boolean intact) {
    static SourceText decode(String file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceText(file, text, true);
        } catch (CharacterCodingException e) {
            return new SourceText(file, new String(bytes, StandardCharsets.UTF_8), false);
        }
    }
}
